"""Packed weights: the one layout for every CPU and for C++.

A dense kernel (n_in, n_out) becomes tiles of 64 outputs, ``[tile][k/g][64][g]``: one tile's
accumulators stay in registers while its weights stream past once. Every row has 64 words of 32
bits, and a word holds g neighbouring inputs k of one output, the first in its lowest bits. In
float32 g is 1 and its axis is left out; see ``precisions`` for the others. The kernels of other
layers that multiply are stored like it, as matrices (see ``as_matrix``). Every other weight is a
flat float32 vector, and so are the scales of a kernel, ``NODE.kernel_scale``. All are padded with
zeros, kernels and biases to whole tiles and the rest to 16 numbers, so that each begins at a
multiple of 64 bytes.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.network import Network
from caloexport.runtime.precisions import SMALLEST_ROUNDED, precisions

TILE = 64
#: numbers hashed at a time: no copy of a large weight is made, not even of a transposed one
HASHED = 1 << 18

#: (node, weight) -> packed array
Packed = Mapping[tuple[str, str], Array]


def pack_kernel(kernel: Array, precision: str = "float32", scale: Float32 | None = None) -> Array:
    """Return a kernel as tiles.

    Args:
        kernel: (n_in, n_out), rounded to the precision.
        precision: of the stored numbers.
        scale: (n_out,), where the precision has scales.

    Returns:
        (tiles, n_in, 64) float32, or (tiles, ceil(n_in/g), 64, g) of the precision's dtype; padded
        with what means zero.

    Raises:
        UsageError: a value that the precision cannot hold exactly.

    >>> pack_kernel(np.ones((3, 65))).shape
    (2, 3, 64)
    >>> pack_kernel(np.ones((3, 65)), "bfloat16").shape
    (2, 2, 64, 2)
    """
    entry = precisions[precision]
    n_in, n_out = kernel.shape
    tiles = -(-n_out // TILE)
    words, together = -(-n_in // entry.together), entry.together
    packed = np.full((tiles, words, TILE, together), entry.zero, dtype=entry.dtype)
    for tile in range(tiles):
        columns = slice(tile * TILE, (tile + 1) * TILE)
        part = entry.encode(kernel[:, columns], None if scale is None else scale[columns])
        # (n_in, n) to (words, together, n) to (words, n, together)
        rows = np.full((words * together, part.shape[1]), entry.zero, dtype=entry.dtype)
        rows[:n_in] = part
        turned = rows.reshape(words, together, -1).transpose(0, 2, 1)
        packed[tile, :, : part.shape[1]] = turned
    return packed if entry.reduces else packed.reshape(tiles, n_in, TILE)


def unpack_kernel(
    packed: Array, shape: tuple[int, int], precision: str = "float32", scale: Float32 | None = None
) -> Float32:
    """Return the kernel (n_in, n_out) of its tiles, exactly as it was packed."""
    entry = precisions[precision]
    n_in, n_out = shape
    kernel = np.empty((n_in, n_out), dtype=np.float32)
    for tile, words in enumerate(packed.reshape(len(packed), -1, TILE, entry.together)):
        columns = slice(tile * TILE, min((tile + 1) * TILE, n_out))
        part = words.transpose(0, 2, 1).reshape(-1, TILE)[:n_in, : columns.stop - columns.start]
        kernel[:, columns] = entry.decode(part, None if scale is None else scale[columns])
    return kernel


def pack_vector(vector: Array, multiple: int) -> Float32:
    """Return a flat float32 vector padded with zeros to a multiple."""
    packed = np.zeros(-(-vector.size // multiple) * multiple, dtype=np.float32)
    packed[: vector.size] = vector.ravel()
    return packed


def pack(network: Network, precision: str = "float32") -> Packed:
    """Return the packed weights of a network by (node, weight), in the order of the graph.

    Args:
        network: its large kernels rounded to the precision.
        precision: of large kernels; see :func:`stored_precision`.

    Raises:
        UsageError: a large kernel was not rounded.
    """
    packed: dict[tuple[str, str], Array] = {}
    for node in network.nodes:
        for key, weight in node.weights.items():
            matrix = as_matrix(node.kind, key, weight)
            if matrix is None:
                multiple = TILE if key.endswith("bias") else 16
                packed[node.name, key] = pack_vector(weight, multiple)
                continue
            stored = stored_precision(node.kind, key, weight.shape, precision)
            scale = precisions[stored].scale(matrix)
            packed[node.name, key] = pack_kernel(matrix, stored, scale)
            if scale is not None:
                packed[node.name, scale_name(key)] = pack_vector(scale, TILE)
    return packed


def scale_name(key: str) -> str:
    """Return the name of the scales of a kernel."""
    return f"{key}_scale"


def stored_precision(kind: str, key: str, shape: tuple[int, ...], precision: str) -> str:
    """Return the precision in which an artifact of a precision stores one weight."""
    large = math.prod(shape) >= SMALLEST_ROUNDED and _tiling(kind, key, len(shape)) is not None
    return precision if large else "float32"


def unpack(
    kind: str,
    key: str,
    packed: Array,
    shape: tuple[int, ...],
    precision: str = "float32",
    scale: Float32 | None = None,
) -> Array:
    """Return a weight of the given shape of its packed form.

    Args:
        kind, key: of the layer and of the weight.
        packed: as it is stored.
        shape: of the weight.
        precision: that it is stored in.
        scale: of a kernel that has one.
    """
    sizes = _matrix_shape(kind, key, shape)
    if sizes is None:
        return packed[: math.prod(shape)].reshape(shape)
    return from_matrix(kind, key, unpack_kernel(packed, sizes, precision, scale), shape)


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


def from_matrix(kind: str, key: str, matrix: Array, shape: tuple[int, ...]) -> Array:
    """Return the weight of the given shape of its matrix: the inverse of :func:`as_matrix`."""
    tiling = _tiling(kind, key, len(shape))
    if tiling is None:
        return matrix
    order, _ = tiling
    return matrix.reshape([shape[axis] for axis in order]).transpose(np.argsort(order))


def packed_shape(
    kind: str, key: str, shape: tuple[int, ...], precision: str = "float32"
) -> tuple[int, ...] | None:
    """Return the shape of a weight in tiles, None where it is a flat vector."""
    sizes = _matrix_shape(kind, key, shape)
    if sizes is None:
        return None
    together = precisions[precision].together
    tiles = -(-sizes[1] // TILE)
    if together == 1:
        return (tiles, sizes[0], TILE)
    return (tiles, -(-sizes[0] // together), TILE, together)


def _matrix_shape(kind: str, key: str, shape: tuple[int, ...]) -> tuple[int, int] | None:
    tiling = _tiling(kind, key, len(shape))
    if tiling is None:
        return None
    order, rows = tiling
    sizes = [shape[axis] for axis in order]
    return math.prod(sizes[:rows]), math.prod(sizes[rows:])


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
