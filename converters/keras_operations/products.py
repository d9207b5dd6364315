"""Matrix products with constants."""

from __future__ import annotations

from typing import Any

import numpy as np

from caloexport.converters.keras_layers import Input, LayerCall, Step, handles
from caloexport.converters.keras_layers.contraction import contracted, last_axis_equation
from caloexport.converters.keras_operations.constants import is_constant
from caloexport.runtime.arrays import Array


@handles("ops.Matmul", "ops.Dot", "ops.Tensordot", constants=True)
def matmul(call: LayerCall) -> list[Step]:
    """Return x·kernel over the last axis of x, or over several for tensordot."""
    kernel = np.atleast_1d(_kernel(call, call.operands))
    summed: Any = [max(kernel.ndim - 2, 0)]
    if call.class_name == "Tensordot":
        summed = _summed(call, kernel)
    elif kernel.ndim != 2:
        message = f"it multiplies with a constant of shape {kernel.shape}"
        raise call.unsupported(message, "supported: a matrix")
    rank = len(call.shapes[0]) + 1
    if len(summed) >= rank or rank + kernel.ndim > 26:
        message = f"it sums over {len(summed)} axes of a tensor of {call.shapes[0]}"
        raise call.unsupported(message)
    return contracted(call, last_axis_equation(rank, kernel.ndim, summed), kernel)


@handles("ops.Einsum", constants=True)
def einsum(call: LayerCall) -> list[Step]:
    """Return the product that the subscripts describe, of a tensor and a constant."""
    subscripts = str(call.option("subscripts"))
    found = [entry for entry in call.operands if not isinstance(entry, str)]
    return contracted(call, subscripts, _kernel(call, found))


def _kernel(call: LayerCall, found: list[Any]) -> Array:
    if len(found) != 2 or not isinstance(found[0], Input) or not is_constant(found[1]):
        message = "it is no product of a tensor with a constant"
        hint = "supported: a tensor on the left and a constant on the right"
        raise call.unsupported(message, hint)
    return np.asarray(found[1], dtype=np.float64)


def _summed(call: LayerCall, kernel: Array) -> list[int]:
    """Return the axes of the constant that tensordot sums over."""
    axes: Any = call.option("axes", default=2)
    rank = len(call.shapes[0]) + 1
    if type(axes) is int and 0 < axes <= kernel.ndim:
        return list(range(axes))
    if isinstance(axes, (list, tuple)) and len(axes) == 2:
        own, others = ([n] if type(n) is int else list(n) for n in axes)
        if [n % rank for n in own] == list(range(rank - len(own), rank)):
            return [n % kernel.ndim for n in others]
    message = f"it sums over the axes {axes!r:.40}"
    raise call.unsupported(message, "supported: the last axes of the tensor")
