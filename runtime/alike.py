"""Which outputs of a layer rise above the threshold together.

A tile is computed for all of its 64 outputs or for none, so that outputs that rise together should
share one. In the storage order of a mesh they do not: a tile crosses the shower from its start to
its end. Neighbours in azimuth are alike for a particle that enters at a right angle, at other
angles some other cells are; so the showers themselves are asked.
"""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Integers
from caloexport.runtime.packing import TILE

#: how many numbers tell what an output does over all showers
FEATURES = 8
#: steps of the power iteration that finds the main direction; it need not be exact
STEPS = 3
#: outputs are described this many at a time
BLOCK = 4096


def alike_together(hidden: Array, kernel: Array, bias: Array, limits: Array) -> Integers:
    """Return the outputs (n_out,) in an order in which those that are alike share tiles.

    Args:
        hidden: (n, n_in) inputs of the layer for typical showers.
        kernel, bias: (n_in, n_out) and (n_out,).
        limits: (n,) sum from which an output counts in a shower.
    """
    features = describe(hidden, kernel, bias, limits)
    return np.concatenate(bisect(features, np.arange(len(bias))))


def describe(hidden: Array, kernel: Array, bias: Array, limits: Array) -> Float32:
    """Return (n_out, 8) numbers that sum up in which showers an output rises to the limit.

    They are principal components of the sigmoid of its distance from the limit in each shower.
    """
    n_out = len(bias)
    risen = np.empty((len(hidden), n_out), dtype=np.float32)
    for start in range(0, n_out, BLOCK):
        block = slice(start, start + BLOCK)
        above = hidden @ kernel[:, block] + bias[block] - limits[:, None]
        risen[:, block] = 1 / (1 + np.exp(-np.clip(above, -30, 30)))
    risen -= risen.mean(axis=1, keepdims=True)
    _, vectors = np.linalg.eigh(risen @ risen.T)
    return np.ascontiguousarray((vectors[:, -FEATURES:].T @ risen).T, dtype=np.float32)


def bisect(features: Float32, chosen: Integers) -> list[Integers]:
    """Return the chosen outputs in groups of a tile, halved again and again where they differ most.

    The products are too small to be worth the threads that a library would start for them.

    >>> [len(group) for group in bisect(np.arange(130.0, dtype="f4")[:, None], np.arange(130))]
    [64, 64, 2]
    """
    if len(chosen) <= TILE:
        return [chosen]
    away = features[chosen] - features[chosen].mean(axis=0)
    direction = away[np.argmax((away * away).sum(axis=1))]
    for _ in range(STEPS):
        direction = np.einsum("ij,i->j", away, np.einsum("ij,j->i", away, direction))
        direction /= max(float(np.linalg.norm(direction)), 1e-30)
    half = -(-len(chosen) // TILE) // 2 * TILE
    order = np.argsort(np.einsum("ij,j->i", away, direction), kind="stable")
    return bisect(features, chosen[order[:half]]) + bisect(features, chosen[order[half:]])
