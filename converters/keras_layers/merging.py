"""Layers with several inputs and one output."""

from __future__ import annotations

from caloexport.converters.keras_layers import Graph, Input, LayerCall, Step, handles
from caloexport.converters.keras_layers.affine import affine, broadcast_shape
from caloexport.converters.keras_layers.rearranging import reshaped
from caloexport.converters.keras_layers.steps import after
from caloexport.runtime.errors import InputFileError

KINDS = {
    "Add": "add",
    "Average": "add",
    "Maximum": "maximum",
    "Minimum": "minimum",
    "Multiply": "multiply",
    "Subtract": "subtract",
}


@handles("Concatenate")
def concatenate(call: LayerCall) -> list[Step]:
    """Return the inputs side by side along the axis."""
    return joined(call, call.axis(call.config.get("axis", -1)))


@handles(*KINDS)
def merge(call: LayerCall) -> Graph:
    """Return the element-wise function; inputs of fewer axes get new ones after the batch axis."""
    if call.class_name == "Subtract" and len(call.shapes) != 2:
        message = f"it subtracts {len(call.shapes)} tensors, expected 2"
        raise InputFileError(message, where=call.place)
    rank = max(len(shape) for shape in call.shapes)
    reads = tuple(
        after(reshaped(shape, (*[1] * (rank - len(shape)), *shape)), Input(number))
        for number, shape in enumerate(call.shapes)
    )
    steps = [Step(KINDS[call.class_name], reads=reads)]
    if call.class_name == "Average":
        shape = broadcast_shape(call, (1,) * rank, *call.shapes)
        steps += affine(call, 1 / len(reads), 0.0, shape)
    return Graph((after(steps),))


def joined(call: LayerCall, axis: int) -> list[Step]:
    """Return the inputs side by side along an axis that counts from 0 without the batch axis.

    Raises:
        InputFileError: their other axes differ.
    """
    others = {(*shape[:axis], *shape[axis + 1 :]) for shape in call.shapes}
    if len(others) > 1:
        message = f"its inputs {list(call.shapes)} differ on other axes than the one it joins"
        raise InputFileError(message, where=call.place)
    last = axis == len(call.shapes[0]) - 1
    return [Step("concatenate", {} if last else {"axis": axis})]
