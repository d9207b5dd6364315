"""Packed weights: the one layout for every CPU and for C++.

A dense kernel (n_in, n_out) becomes tiles of 64 outputs, ``[tile][k][64]``: one tile's
accumulators stay in registers while its weights stream past once. Every other weight is a flat
vector. All are padded with zeros, kernels and biases to whole tiles and the rest to 16 numbers,
so that each begins at a multiple of 64 bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.network import Network

TILE = 64

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
            if is_tiled(node.kind, key):
                packed[node.name, key] = pack_kernel(weight)
            else:
                multiple = TILE if node.kind == "dense" else 16
                packed[node.name, key] = pack_vector(weight, multiple)
    return packed


def is_tiled(kind: str, key: str) -> bool:
    """Say whether a weight is stored in tiles."""
    return kind == "dense" and key == "kernel"


def weights_hash(network: Network) -> str:
    """Return the sha256 of all weights as float32, in the order of the graph."""
    digest = hashlib.sha256()
    for node in network.nodes:
        for key in sorted(node.weights):
            digest.update(f"{node.name}.{key}".encode())
            digest.update(np.ascontiguousarray(node.weights[key], dtype=np.float32).tobytes())
    return digest.hexdigest()
