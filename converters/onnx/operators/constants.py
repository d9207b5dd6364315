"""Constant, ConstantOfShape, Range, Shape and Size: what is known before a shower comes."""

from __future__ import annotations

import math

import numpy as np

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.messages import TensorMessage
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.tensors import to_array
from caloexport.converters.onnx.values import Batch, Operand, Value, symbolic
from caloexport.runtime.arrays import Array
from caloexport.runtime.network import MAX_VALUES

#: of numbers in a row, which number the cells of an axis
MAX_RANGE = 2**22
PLAIN = {
    "value_float": np.float32, "value_floats": np.float32,
    "value_int": np.int64, "value_ints": np.int64,
}  # fmt: skip


def _constant(call: Call, operands: list[Array]) -> Array:
    given = call.node.attributes
    if isinstance(given.get("value"), TensorMessage):
        return to_array(given["value"], call.place)
    for name, kind in PLAIN.items():
        if name in given:
            return np.array(given[name], kind)
    raise call.unsupported(f"it holds {', '.join(given) or 'nothing'}")


@operator("Constant", fold=_constant)
def constant(call: Call) -> list[Operand]:
    """The tensor that it holds."""
    return [_constant(call, [])]


def _of_shape(call: Call, operands: list[Array]) -> Array:
    # a tensor of one value is the same for all showers: its batch axis may have size 1
    shape = [1 if isinstance(n, Batch) else int(n) for n in operands[0].tolist()]
    if min(shape, default=1) < 0 or math.prod(shape) > MAX_VALUES:
        raise call.damaged(f"it makes a tensor of the impossible shape {shape}")
    given = call.node.attributes.get("value")
    values = to_array(given, call.place) if isinstance(given, TensorMessage) else np.zeros(1, "f4")
    if values.size != 1:
        raise call.damaged(f"it repeats {values.size} values, expected one")
    return np.broadcast_to(values.reshape(()), shape)


@operator("ConstantOfShape", fold=_of_shape)
def constant_of_shape(call: Call) -> list[Operand]:
    """One value in a shape that has to be constant."""
    raise call.unsupported("its shape depends on the input")


def _range(call: Call, operands: list[Array]) -> Array:
    start, limit, step = (operand.reshape(()).item() for operand in operands)
    if step == 0 or abs((limit - start) / step) > MAX_RANGE:
        raise call.damaged(f"it counts from {start} to {limit} by {step}")
    return np.arange(start, limit, step, dtype=operands[0].dtype)


@operator("Range", fold=_range)
def range_(call: Call) -> list[Operand]:
    """Numbers in a row, which have to be constant."""
    raise call.unsupported("its limits depend on the input")


def _shape_of(call: Call, operand: Value | Array) -> Array:
    sizes = operand.dims if isinstance(operand, Value) else operand.shape
    start, end = call.integer("start", 0), call.integer("end", len(sizes))
    return symbolic(tuple(sizes[start:end]))


@operator("Shape", fold=lambda call, operands: _shape_of(call, operands[0]))
def shape(call: Call) -> list[Operand]:
    """The sizes, the number of showers as a symbol."""
    return [_shape_of(call, call.value())]


@operator("Size", fold=lambda call, operands: np.array(operands[0].size))
def size(call: Call) -> list[Operand]:
    """The number of values."""
    total: int | Batch = 1
    for n in call.value().dims:
        total = n * total if isinstance(n, Batch) else total * n
    return [symbolic((total,)).reshape(())]
