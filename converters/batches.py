"""Run a model of a fixed batch on any number of showers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from caloexport.runtime.arrays import Float32


def in_batches(run: Callable[[Float32], Float32], x: Float32, size: int) -> Float32:
    """Return the outputs of inputs (n, n_in); the last batch is filled up with zeros.

    >>> in_batches(lambda rows: 2 * rows, np.float32([[1], [2], [3]]), 2).ravel().tolist()
    [2.0, 4.0, 6.0]
    """
    batches = max(1, -(-len(x) // size))  # one even for no showers: it tells the shape
    filled = np.zeros((batches * size, x.shape[1]), dtype=np.float32)
    filled[: len(x)] = x
    parts = [run(filled[k * size : (k + 1) * size]) for k in range(batches)]
    return np.concatenate(parts)[: len(x)]
