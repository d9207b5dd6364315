"""Packed weights: the one layout for every CPU and for C++.

A dense kernel (n_in, n_out) becomes tiles of 64 outputs, ``[tile][k][64]``: one tile's
accumulators stay in registers while its weights stream past once. The kernels of other layers
that multiply are stored like it, as matrices (see ``TILED``). Every other weight is a flat vector.
All are padded with zeros, kernels and biases to whole tiles and the rest to 16 numbers, so that
each begins at a multiple of 64 bytes.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.network import Network

TILE = 64
#: numbers hashed at a time: no copy of a large weight is made, not even of a transposed one
HASHED = 1 << 18

#: (node, weight) -> packed array
Packed = Mapping[tuple[str, str], Array]


def pack_kernel(kernel: Array) -> Float32:
    """Return a kernel as tiles.

    Args:
        kernel: (n_in, n_out).

    Returns:
        (tiles, n_in, 64) float32, padded with zeros.

    >>> pack_kernel(np.ones((3, 65))).shape
    (2, 3, 64)
    """
    n_in, n_out = kernel.shape
    tiles = -(-n_out // TILE)
    packed = np.zeros((tiles, n_in, TILE), dtype=np.float32)
    for tile in range(tiles):
        part = kernel[:, tile * TILE : (tile + 1) * TILE]
        packed[tile, :, : part.shape[1]] = part
    return packed


def unpack_kernel(packed: Array, n_out: int) -> Float32:
    """Return the (n_in, n_out) kernel of its tiles."""
    tiles, n_in, width = packed.shape
    kernel = np.empty((n_in, n_out), dtype=np.float32)
    for tile in range(tiles):
        start = tile * width
        part = packed[tile, :, : n_out - start]
        kernel[:, start : start + part.shape[1]] = part
    return kernel


def pack_vector(vector: Array, multiple: int) -> Float32:
    """Return a flat float32 vector padded with zeros to a multiple."""
    packed = np.zeros(-(-vector.size // multiple) * multiple, dtype=np.float32)
    packed[: vector.size] = vector.ravel()
    return packed


def pack(network: Network) -> Packed:
    """Return the packed weights of a network by (node, weight), in the order of the graph."""
    packed = {}
    for node in network.nodes:
        for key, weight in node.weights.items():
            matrix = as_matrix(node.kind, key, weight)
            if matrix is not None:
                packed[node.name, key] = pack_kernel(matrix)
            else:
                multiple = TILE if key.endswith("bias") else 16
                packed[node.name, key] = pack_vector(weight, multiple)
    return packed


def unpack(kind: str, key: str, packed: Array, shape: tuple[int, ...]) -> Array:
    """Return a weight of the given shape of its packed form."""
    tiling = _tiling(kind, key, len(shape))
    if tiling is None:
        return packed[: math.prod(shape)].reshape(shape)
    order, rows = tiling
    sizes = [shape[axis] for axis in order]
    matrix = unpack_kernel(packed, math.prod(sizes[rows:]))
    return matrix.reshape(sizes).transpose(np.argsort(order))


def as_matrix(kind: str, key: str, weight: Array) -> Array | None:
    """Return a weight as the matrix (n_in, n_out) that is stored in tiles, None for other weights.

    >>> as_matrix("conv", "kernel", np.ones((3, 3, 4, 8))).shape  # one row for each tap and channel
    (36, 8)
    >>> as_matrix("conv_transpose", "kernel", np.ones((3, 3, 8, 4))).shape
    (4, 72)
    """
    tiling = _tiling(kind, key, weight.ndim)
    if tiling is None:
        return None
    order, rows = tiling
    turned = weight.transpose(order)
    return turned.reshape(math.prod(turned.shape[:rows]), math.prod(turned.shape[rows:]))


def packed_shape(kind: str, key: str, shape: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return the shape of a weight in tiles, None where it is a flat vector."""
    tiling = _tiling(kind, key, len(shape))
    if tiling is None:
        return None
    order, rows = tiling
    sizes = [shape[axis] for axis in order]
    return (-(-math.prod(sizes[rows:]) // TILE), math.prod(sizes[:rows]), TILE)


def _tiling(kind: str, key: str, rank: int) -> tuple[list[int], int] | None:
    """Return the axes of a weight in the order of its matrix, and how many of them are rows."""
    axes = list(range(rank))
    return {
        ("dense", "kernel"): (axes, 1),
        ("highway", "transform_kernel"): (axes, 1),
        ("highway", "carry_kernel"): (axes, 1),
        ("maxout", "kernel"): ([1, 0, 2], 1),
        ("conv", "kernel"): (axes, rank - 1),
        ("conv_transpose", "kernel"): ([rank - 1, *axes[:-1]], 1),
    }.get((kind, key))


def weights_hash(network: Network) -> str:
    """Return the sha256 of all weights as float32, in the order of the graph."""
    digest = hashlib.sha256()
    for node in network.nodes:
        for key in sorted(node.weights):
            digest.update(f"{node.name}.{key}".encode())
            rows = np.atleast_1d(node.weights[key])
            step = max(1, HASHED * len(rows) // max(1, rows.size))
            for start in range(0, len(rows), step):
                digest.update(rows[start : start + step].astype(np.float32).tobytes())
    return digest.hexdigest()
