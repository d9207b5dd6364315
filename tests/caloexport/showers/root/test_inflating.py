"""Blocks that ROOT compressed, and blocks that lie about their length."""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Callable

import cramjam
import numpy as np
import pytest

from caloexport.showers.root.inflating import InflatingError, inflate

CONTENT = np.arange(1000, dtype=np.uint16).tobytes()


def block(algorithm: bytes, compressed: bytes, length: int) -> bytes:
    """Return a block with ROOT's nine bytes of header."""
    lengths = len(compressed).to_bytes(3, "little") + length.to_bytes(3, "little")
    return algorithm + b"\x08" + lengths + compressed


def lz4(data: bytes) -> bytes:
    return bytes(8) + bytes(cramjam.lz4.compress_block(data, store_size=False))


WAYS: dict[bytes, Callable[[bytes], bytes]] = {
    b"ZL": zlib.compress,
    b"XZ": lzma.compress,
    b"L4": lz4,
    b"ZS": lambda data: bytes(cramjam.zstd.compress(data)),
}


@pytest.mark.parametrize("algorithm", WAYS)
def test_one_block_and_two(algorithm: bytes) -> None:
    one = block(algorithm, WAYS[algorithm](CONTENT), len(CONTENT))
    assert inflate(one, len(CONTENT)) == CONTENT
    assert inflate(one + one, 2 * len(CONTENT)) == 2 * CONTENT


@pytest.mark.parametrize("algorithm", WAYS)
@pytest.mark.parametrize("promised", [1, 1999, 2001, 2**24 - 1])
def test_more_and_less_than_promised(algorithm: bytes, promised: int) -> None:
    with pytest.raises(InflatingError):
        inflate(block(algorithm, WAYS[algorithm](CONTENT), promised), promised)


@pytest.mark.parametrize("algorithm", WAYS)
def test_a_bomb_is_stopped_at_what_it_promised(algorithm: bytes) -> None:
    import tracemalloc

    compressed = WAYS[algorithm](bytes(2**26))
    tracemalloc.start()
    try:
        with pytest.raises(InflatingError):
            inflate(block(algorithm, compressed, 100), 100)
        assert tracemalloc.get_traced_memory()[1] < 2**24  # LZMA keeps a dictionary
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("algorithm", WAYS)
def test_damage(algorithm: bytes) -> None:
    whole = block(algorithm, WAYS[algorithm](CONTENT), len(CONTENT))
    for cut in (1, 8, 9, 20, len(whole) - 1):
        with pytest.raises(InflatingError):
            inflate(whole[:cut], len(CONTENT))
    with pytest.raises(InflatingError, match="the blocks hold 2000 bytes, 2001 are promised"):
        inflate(whole, 2001)
    with pytest.raises(InflatingError, match="a block promises 2000 bytes where 1999 are left"):
        inflate(whole, 1999)


def test_an_unknown_algorithm() -> None:
    with pytest.raises(InflatingError, match="compressed by b'CS', known are ZL"):
        inflate(block(b"CS", zlib.compress(CONTENT), len(CONTENT)), len(CONTENT))
