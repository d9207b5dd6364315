"""scale·x + offset with constants of any shape that broadcasts: what networks call normalization."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from caloexport.converters.keras_layers import LayerCall, Step
from caloexport.converters.keras_layers.rearranging import reshaped
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.network import Shape

#: constants are repeated up to the shape of a shower
LARGEST = 2**22


def affine(
    call: LayerCall, scale: npt.ArrayLike, offset: npt.ArrayLike, shape: Shape | None = None
) -> list[Step]:
    """Return scale·x + offset.

    Args:
        call: whose input it is.
        scale, offset: of any shape that broadcasts with that of one shower.
        shape: of the input, by default that of the call's first.

    Raises:
        InputFileError: the shapes do not fit.
    """
    shape = (call.shapes[0] if shape is None else shape) or (1,)
    values = [np.asarray(scale, dtype=np.float64), np.asarray(offset, dtype=np.float64)]
    target = broadcast_shape(call, shape, *(value.shape for value in values))
    steps = expanded(shape, target)
    if all(math.prod(value.shape[:-1]) == 1 for value in values):
        rows = [value.reshape(value.shape[-1:]) for value in values]
        return [*steps, _normalization(rows, target[-1:])]
    flat = (math.prod(target),)
    full = [np.broadcast_to(value, target).reshape(flat) for value in values]
    return [*steps, *reshaped(target, flat), _normalization(full, flat), *reshaped(flat, target)]


def expanded(shape: Shape, target: Shape) -> list[Step]:
    """Return the steps that repeat axes of size 1 until a shape is ``target``."""
    full = (*[1] * (len(target) - len(shape)), *shape)
    steps = reshaped(shape, full)
    factors = [new // old for new, old in zip(target, full, strict=True)]
    return steps if max(factors) == 1 else [*steps, Step("upsample", {"factors": factors})]


def broadcast_shape(call: LayerCall, shape: Shape, *others: Shape) -> Shape:
    """Return the shape of one shower after it meets constants.

    Raises:
        InputFileError: they do not fit each other, or make the shower too large.
    """
    try:
        target = np.broadcast_shapes(shape, *others)
    except ValueError:
        found = " and ".join(str(other) for other in others)
        message = f"constants of shape {found} do not fit to a tensor of {shape}"
        raise InputFileError(message, where=call.place) from None
    if len(target) > len(shape):
        message = f"constants with more axes than the tensor of {shape} pair different showers"
        raise call.unsupported(message, "reshape the tensor to the constant's number of axes")
    require_moderate(call, math.prod(target))
    return tuple(int(n) for n in target)


def require_moderate(call: LayerCall, count: int) -> None:
    """Refuse constants that are not in the file and would take too much memory.

    Raises:
        InputFileError: more than 4 million values.
    """
    if count > LARGEST:
        message = f"its constants would take {count} values"
        raise InputFileError(message, where=call.place, hint=f"at most {LARGEST} are allowed")


def _normalization(scale_and_offset: Sequence[Array], units: Shape) -> Step:
    with np.errstate(over="ignore"):  # to infinity, which is reported with the layer's name
        weights = {
            name: np.array(np.broadcast_to(value, units), dtype=np.float32)
            for name, value in zip(("scale", "offset"), scale_and_offset, strict=True)
        }
    return Step("normalization", {}, weights)
