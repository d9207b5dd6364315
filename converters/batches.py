"""Give input vectors to models that take them in parts: by batches, and by inputs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.network import Shape


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


def split_columns(x: Array, shapes: Iterable[Shape]) -> list[Array]:
    """Split input vectors (n, n_in) into one array (n, *shape) for each input.

    >>> [part.shape for part in split_columns(np.zeros((5, 7)), [(2, 3), (1,)])]
    [(5, 2, 3), (5, 1)]
    """
    parts, start = [], 0
    for shape in shapes:
        stop = start + math.prod(shape)
        parts.append(x[:, start:stop].reshape(len(x), *shape))
        start = stop
    return parts
