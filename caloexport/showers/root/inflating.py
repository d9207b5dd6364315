"""Inflate what ROOT compressed, into as many bytes as were promised and never more.

Compressed data is a row of blocks, each with nine bytes of header: algorithm, method, and the
compressed and inflated lengths in three bytes each, little-endian (ROOT, core/zip/src/RZip.cxx).
"""

from __future__ import annotations

import lzma
import struct
import zlib

HEADER = struct.Struct("<2sB3s3s")
CHECKSUM_BYTES = 8  # of an LZ4 block, before its data


class InflatingError(ValueError):
    """The blocks are damaged, or hold more or less than they promise."""


def inflate(data: bytes, length: int) -> bytes:
    """Return the inflated bytes.

    Args:
        data: compressed blocks.
        length: of the result; the caller has made sure that it is a sane one.

    Raises:
        InflatingError: the blocks do not give exactly these bytes.
    """
    parts = []
    start = left = 0
    for algorithm, block, promised in _blocks(data):
        left = length - start
        if promised > left:
            message = f"a block promises {promised} bytes where {left} are left"
            raise InflatingError(message)
        part = _inflate_block(algorithm, block, promised)
        if len(part) != promised:
            message = f"a block of {promised} bytes inflates to others"
            raise InflatingError(message)
        parts.append(part)
        start += promised
    if start != length:
        message = f"the blocks hold {start} bytes, {length} are promised"
        raise InflatingError(message)
    return b"".join(parts)


def _blocks(data: bytes) -> list[tuple[bytes, bytes, int]]:
    """Split compressed data into (algorithm, data, inflated length) of every block."""
    blocks = []
    position = 0
    while position < len(data):
        if position + HEADER.size > len(data):
            message = "the last block has no room for its header"
            raise InflatingError(message)
        algorithm, _, compressed, inflated = HEADER.unpack_from(data, position)
        position += HEADER.size
        stop = position + int.from_bytes(compressed, "little")
        if stop > len(data) or stop == position:
            message = "a block reaches beyond the compressed data"
            raise InflatingError(message)
        blocks.append((algorithm, data[position:stop], int.from_bytes(inflated, "little")))
        position = stop
    return blocks


def _inflate_block(algorithm: bytes, block: bytes, length: int) -> bytes:
    try:
        if algorithm == b"ZL":
            return zlib.decompressobj().decompress(block, length + 1)
        if algorithm == b"XZ":
            return lzma.LZMADecompressor(memlimit=2**28).decompress(block, length + 1)
        if algorithm in (b"ZS", b"L4"):
            return _inflate_with_cramjam(algorithm, block, length)
    except (zlib.error, lzma.LZMAError, EOFError) as error:
        raise InflatingError(str(error)) from error
    message = f"compressed by {algorithm!r}, known are ZL (zlib), XZ (lzma), L4 (LZ4), ZS (zstd)"
    raise InflatingError(message)


def _inflate_with_cramjam(algorithm: bytes, block: bytes, length: int) -> bytes:
    import cramjam  # comes with uproot

    output = bytearray(length)
    try:
        if algorithm == b"L4":
            written = cramjam.lz4.decompress_block_into(block[CHECKSUM_BYTES:], output)
        else:
            written = cramjam.zstd.decompress_into(block, output)
    except cramjam.DecompressionError as error:
        raise InflatingError(str(error)) from error
    return bytes(output[:written])
