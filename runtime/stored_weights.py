"""The weights of an artifact: checked against what its manifest declares, and unpacked."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.network import Network, Node
from caloexport.runtime.packing import (
    TILE,
    Packed,
    packed_shape,
    scale_name,
    stored_precision,
    unpack,
)
from caloexport.runtime.precisions import precisions

HINT = "damaged? convert the model again"


def stored_weights(
    shapes: Network, arrays: Mapping[str, Array], precision: str, where: str
) -> Packed:
    """Return the packed weights of a file by (node, weight); nothing is copied.

    Args:
        shapes: the network that the manifest declares; its weights are read for their shapes.
        arrays: of the file.
        precision: of the file.
        where: named in errors.

    Raises:
        InputFileError: a weight or its scales are missing, or of another type, shape or place, or
            the scales are no steps between levels.
    """
    packed: dict[tuple[str, str], Array] = {}
    for node in shapes.nodes:
        for key, declared in node.weights.items():
            stored = stored_precision(node.kind, key, declared.shape, precision)
            name = f"{node.name}.{key}"
            packed[node.name, key] = _weight(arrays.get(name), node, key, stored, where)
            if precisions[stored].scaled:
                n_out = _columns(node, key)
                scale = _scale(arrays.get(scale_name(name)), scale_name(name), n_out, where)
                packed[node.name, scale_name(key)] = scale
    return packed


def unpacked(shapes: Network, packed: Packed, precision: str) -> dict[tuple[str, str], Array]:
    """Return the weights by (node, weight), each in the shape that the network declares."""
    weights: dict[tuple[str, str], Array] = {}
    for node in shapes.nodes:
        for key, declared in node.weights.items():
            stored = stored_precision(node.kind, key, declared.shape, precision)
            scale = packed.get((node.name, scale_name(key))) if precisions[stored].scaled else None
            weights[node.name, key] = unpack(
                node.kind, key, packed[node.name, key], declared.shape, stored, scale
            )
    return weights


def _weight(stored: Array | None, node: Node, key: str, precision: str, where: str) -> Array:
    shape = node.weights[key].shape
    if stored is None or not _fits(stored, node.kind, key, precision, shape):
        rounded = "" if precision == "float32" else f" as {precision}"
        message = f"weight '{node.name}.{key}' is {_told(stored)}, the manifest says {shape}"
        raise InputFileError(message + rounded, where=where, hint=HINT)
    _check_padding(stored, node, key, precision, where)
    return stored


def _fits(stored: Array, kind: str, key: str, precision: str, shape: tuple[int, ...]) -> bool:
    if stored.dtype != np.dtype(precisions[precision].dtype) or not stored.flags.aligned:
        return False
    tiles = packed_shape(kind, key, shape, precision)
    if tiles is not None:
        return stored.shape == tiles
    size = math.prod(shape)
    return stored.ndim == 1 and size <= stored.size < size + TILE


def _check_padding(stored: Array, node: Node, key: str, precision: str, where: str) -> None:
    """Require zeros behind the last input: a NaN there would spoil a product with zero.

    What stands behind the last output does not matter: nobody reads those sums.
    """
    entry = precisions[precision]
    kernel = node.weights[key]
    left = -(kernel.size // max(1, _columns(node, key))) % entry.together
    if left and (stored[:, -1, :, -left:] != entry.zero).any():
        message = f"weight '{node.name}.{key}' has padding that is not zero"
        raise InputFileError(message, where=where, hint=HINT)


def _scale(stored: Array | None, name: str, n_out: int, where: str) -> Array:
    padded = -(-n_out // TILE) * TILE
    fits = (
        stored is not None
        and stored.dtype == np.float32
        and stored.flags.aligned
        and stored.shape == (padded,)
    )
    if stored is None or not fits:
        message = f"scales '{name}' are {_told(stored)}, expected float32 of shape ({padded},)"
        raise InputFileError(message, where=where, hint=HINT)
    usable = np.isfinite(stored) & (stored > 0)  # False for NaN
    if not usable[:n_out].all() or stored[n_out:].any():
        bad = int(np.argmin(usable[:n_out])) if not usable[:n_out].all() else n_out
        message = f"scale {bad} of '{name}' is {stored[bad]:g}, expected a positive number"
        if bad == n_out:
            message = f"scales '{name}' have padding that is not zero"
        raise InputFileError(message, where=where, hint=HINT)
    return stored


def _columns(node: Node, key: str) -> int:
    """Return the number of outputs of a kernel's matrix, 1 for a vector."""
    shape = node.weights[key].shape
    tiles = packed_shape(node.kind, key, shape)
    return 1 if tiles is None else math.prod(shape) // max(1, tiles[1])


def _told(stored: Array | None) -> str:
    if stored is None:
        return "missing"
    place = "" if stored.flags.aligned else " at an odd address"
    return f"{stored.dtype} of shape {stored.shape}{place}"
