"""Memory whose rows begin where cache lines do."""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.arrays import Float32
from caloexport.runtime.kernels.emit import FLOAT_BYTES, LANES, VECTOR_BYTES


def aligned(*shape: int) -> Float32:
    """Return float32 zeros of which the first begins a cache line.

    >>> aligned(2, 3).ctypes.data % 64
    0
    """
    size = math.prod(shape)
    room = np.zeros(size + LANES, np.float32)
    skip = -room.ctypes.data % VECTOR_BYTES // FLOAT_BYTES
    return room[skip : skip + size].reshape(shape)
