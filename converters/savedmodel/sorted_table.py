"""Sorted string tables: the format of a checkpoint's index.

Blocks of key-value entries whose keys share prefixes, an index block with the place of each, and
a footer with the place of the index. Source: the table format of LevelDB
(github.com/google/leveldb/blob/main/doc/table_format.md), which TensorFlow writes uncompressed.
"""

from __future__ import annotations

from collections.abc import Iterator

from caloexport.converters.protobuf.wire import WireError, varint

FOOTER_BYTES, MAGIC = 48, (0xDB4775248B80FB57).to_bytes(8, "little")


def table_entries(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Yield key and value of every entry.

    Raises:
        WireError: the bytes are no such table, are compressed, or end too early.
    """
    if len(data) < FOOTER_BYTES or bytes(data[-8:]) != MAGIC:
        message = "it does not end like a table"
        raise WireError(message)
    footer = data[-FOOTER_BYTES:]
    _, _, place = _handle(footer, 0)
    for _, handle in _block(data, footer, place):
        yield from _block(data, handle, 0)


def _handle(data: memoryview, place: int) -> tuple[int, int, int]:
    offset, place = varint(data, place)
    size, place = varint(data, place)
    return offset, size, place


def _block(table: memoryview, handle: memoryview, place: int) -> Iterator[tuple[bytes, memoryview]]:
    """Yield the entries of the block that a handle points to."""
    offset, size, _ = _handle(handle, place)
    if size < 4 or offset + size + 1 > len(table):
        message = f"a block ends at byte {offset + size + 1} of {len(table)}"
        raise WireError(message)
    if table[offset + size]:
        message = "its blocks are compressed, which no TensorFlow writes"
        raise WireError(message)
    block = table[offset : offset + size]
    restarts = int.from_bytes(block[-4:], "little")
    end = size - 4 - 4 * restarts
    key, place = b"", 0
    while place < end:
        shared, place = varint(block, place)
        new, place = varint(block, place)
        length, place = varint(block, place)
        if shared > len(key) or place + new + length > end:
            message = f"an entry ends beyond its block of {end} bytes"
            raise WireError(message)
        key = key[:shared] + bytes(block[place : place + new])
        place += new + length
        yield key, block[place - length : place]
