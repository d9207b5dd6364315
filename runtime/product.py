"""A matrix product that copies no large matrix."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array

#: numbers brought to another dtype at a time
PIECE = 1 << 18


def product(x: Array, matrix: Array) -> Array:
    """Return x·matrix in the dtype of x, (..., n_in) times (n_in, n_out).

    A matrix of another dtype is brought to it piece by piece: as a whole it may be the largest
    thing in memory.

    >>> product(np.array([1.0, 2.0]), np.array([[1, 0], [0, 1]], np.float32))
    array([1., 2.])
    """
    if matrix.dtype == x.dtype:
        return np.asarray(x @ matrix)
    n_in, n_out = matrix.shape
    found = np.empty((*x.shape[:-1], n_out), dtype=x.dtype)
    step = max(1, PIECE // max(1, n_in))
    for start in range(0, n_out, step):
        columns = slice(start, start + step)
        found[..., columns] = x @ matrix[:, columns].astype(x.dtype)
    return found
