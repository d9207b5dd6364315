"""The hash by which a generated decoder knows its weights; defined in decoder/data_hash.h."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

PRIME = 0x9E3779B97F4A7C15
MIXER = 0xFF51AFD7ED558CCD
LANES = 4
STEP = 8 * LANES
MODULUS = 2**64
#: words of a lane taken at a time
PIECE = 1 << 14


def data_hash(data: bytes | memoryview | npt.NDArray[np.uint8]) -> int:
    """Return a hash of 64 bits that tells damaged or foreign data; it resists no attacker.

    >>> hex(data_hash(b"caloexport"))
    '0xaad736f81aaeed25'
    """
    view = np.frombuffer(data, dtype=np.uint8)
    whole = view.size // STEP * STEP
    last = np.zeros(STEP if view.size % STEP else 0, dtype=np.uint8)
    last[: view.size - whole] = view[whole:]
    lanes = np.zeros(LANES, dtype=np.uint64)
    powers = np.full(PIECE + 1, PRIME, dtype=np.uint64)
    powers[0] = 1
    powers = np.multiply.accumulate(powers)[::-1, None]  # highest first; products wrap around
    for part in (*np.split(view[:whole], range(PIECE * STEP, whole, PIECE * STEP)), last):
        words = part.view("<u8").astype(np.uint64).reshape(-1, LANES)
        n = len(words)
        terms = (words ^ (words >> np.uint64(32))) * powers[PIECE + 1 - n :]
        lanes = lanes * powers[PIECE - n] + terms.sum(axis=0)
    found = view.size
    for lane in map(int, lanes):
        mixed = (lane ^ (lane >> 33)) * MIXER % MODULUS
        found = (found ^ mixed ^ (mixed >> 33)) * PRIME % MODULUS
    return found
