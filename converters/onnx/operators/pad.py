"""Pad with a constant."""

from __future__ import annotations

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.operators.selection import picked
from caloexport.converters.onnx.values import BATCH, UNIT, Operand


@operator("Pad")
def pad(call: Call) -> list[Operand]:
    """A margin of one value; a negative margin cuts."""
    value = call.value()
    if call.text("mode", "constant") != "constant":
        raise call.unsupported(f"it pads by the mode '{call.text('mode', '')}'")
    amounts = call.wholes(1, "pads") or []
    axes = call.wholes(3) or list(range(value.rank))
    if len(amounts) != 2 * len(axes):
        raise call.damaged(f"it pads {len(axes)} axes by {amounts}")
    margins = {}
    for k, axis in enumerate(axes):
        before, after = amounts[k], amounts[k + len(axes)]
        place = call.axis(axis, value.rank)
        if value.axes[place] == BATCH and (before or after):
            raise call.unsupported("it adds showers")
        if before or after:
            margins[place] = (before, after)
    if any(value.axes[place] == UNIT for place in margins):
        value = call.layout.canonical(value)
    padding = [[0, 0] for _ in value.shape]
    for place, (before, after) in margins.items():
        size = value.shape[value.axes[place]]
        kept = list(range(max(-before, 0), size - max(-after, 0)))
        value = picked(call, value, place, kept)
        padding[value.axes[place]] = [max(before, 0), max(after, 0)]
    if any(before or after for before, after in padding):
        fill = call.number(2, call.real("value", 0.0))
        value = call.add("pad", [value], padding=padding, value=fill)
    return [value]
