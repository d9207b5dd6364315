"""The check sum of checkpoints, in numpy: lanes side by side, then joined.

A check sum of n bytes is a linear map of its bits, so the sum of two parts is the first one's,
carried over the length of the second, plus the second one's. Source: RFC 3720, appendix B.4 (the
polynomial); tensorflow/core/lib/hash/crc32c.h (the mask).
"""

from __future__ import annotations

from functools import cache

import numpy as np

from caloexport.runtime.arrays import Array

POLYNOMIAL = np.uint32(0x82F63B78)
MASK_DELTA = 0xA282EAD8
LANES = 1 << 12


def masked_crc32c(data: Array) -> int:
    """Return the masked check sum of bytes (n,) uint8, as checkpoints store it.

    >>> hex(crc32c(np.frombuffer(b"123456789", np.uint8)))
    '0xe3069283'
    """
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + MASK_DELTA) & 0xFFFFFFFF


def crc32c(data: Array) -> int:
    """Return the check sum of bytes (n,) uint8."""
    length = len(data) // LANES
    head = len(data) - length * LANES
    state = np.full(1, 0xFFFFFFFF, dtype=np.uint32)
    for byte in data[:head]:
        state = _step(state, byte)
    if length:
        lanes = np.zeros(LANES, dtype=np.uint32)
        lanes[0] = state[0]
        for column in data[head:].reshape(LANES, length).T:
            lanes = _step(lanes, column)
        state = _joined(lanes, length)
    return int(state[0]) ^ 0xFFFFFFFF


def _step(state: Array, byte: Array) -> Array:
    return _table()[(state ^ byte) & 0xFF] ^ (state >> np.uint32(8))


@cache
def _table() -> Array:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, table >> np.uint32(1) ^ POLYNOMIAL, table >> np.uint32(1))
    return table


def _joined(lanes: Array, length: int) -> Array:
    """Join neighbouring lanes of ``length`` bytes until one is left."""
    carry = _carry(length)
    while len(lanes) > 1:
        lanes = _times(carry, lanes[::2]) ^ lanes[1::2]
        carry = _times(carry, carry)
    return lanes


def _carry(length: int) -> Array:
    """Return the matrix, as its 32 columns, that carries a state over zero bytes."""
    columns = np.uint32(1) << np.arange(32, dtype=np.uint32)
    result, power = columns, _step(columns, np.zeros(1, dtype=np.uint32))
    while length:
        if length & 1:
            result = _times(power, result)
        power = _times(power, power)
        length >>= 1
    return result


def _times(matrix: Array, vectors: Array) -> Array:
    """Return the products of a matrix, given as 32 columns, with vectors of bits."""
    product = np.zeros_like(vectors)
    for bit, column in enumerate(matrix):
        product ^= np.where(vectors >> np.uint32(bit) & np.uint32(1), column, np.uint32(0))
    return product
