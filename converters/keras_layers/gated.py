"""Gated linear unit (arXiv:1612.08083): one half of the values, gated by the other."""

from __future__ import annotations

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.runtime.errors import InputFileError


@handles("ops.Glu")
def glu(call: LayerCall) -> list[Step]:
    """Return a·σ(b) of the halves a and b along ``axis``."""
    axis = call.axis(call.option("axis", default=-1))
    size = call.shapes[0][axis]
    if size % 2:
        message = f"glu halves an axis of {size} values"
        raise InputFileError(message, where=call.place)
    start = Step("activation", {"function": "linear"})
    whole = {"axis": axis, "step": 1, "length": size // 2}
    value, gate = (
        Step("slice", {**whole, "start": first}, reads=(start,)) for first in (0, size // 2)
    )
    opened = Step("activation", {"function": "sigmoid"}, reads=(gate,))
    return [start, Step("multiply", reads=(value, opened))]
