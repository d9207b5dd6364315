"""Transpose."""

from __future__ import annotations

from dataclasses import replace

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import Operand
from caloexport.runtime.arrays import Array


def _order(call: Call, rank: int) -> list[int]:
    order = call.integers("perm", list(range(rank))[::-1]) or []
    if sorted(order) != list(range(rank)):
        raise call.damaged(f"it orders {rank} axes by {order}")
    return order


def _fold(call: Call, operands: list[Array]) -> Array:
    return operands[0].transpose(_order(call, operands[0].ndim))


@operator("Transpose", fold=_fold)
def transpose(call: Call) -> list[Operand]:
    """No layer: the axes are looked up in another order."""
    value = call.value()
    order = _order(call, value.rank)
    if value.merged and order[0] != 0:
        raise call.unsupported("it moves the batch axis")
    return [replace(value, axes=tuple(value.axes[k] for k in order))]
