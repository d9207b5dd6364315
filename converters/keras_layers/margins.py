"""ZeroPadding and Cropping: cells added and taken away at the edges."""

from __future__ import annotations

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.converters.keras_layers.rearranging import in_channels_last
from caloexport.converters.keras_layers.windows import pairs, require_rank
from caloexport.runtime.errors import InputFileError


@handles("ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D")
@in_channels_last
def zero_padding(call: LayerCall) -> list[Step]:
    """Return the margin of zeros."""
    return [Step("pad", {"padding": [*_pairs(call, "padding"), [0, 0]]})]


@handles("Cropping1D", "Cropping2D", "Cropping3D")
@in_channels_last
def cropping(call: LayerCall) -> list[Step]:
    """Return one slice for each axis that loses cells."""
    steps = []
    for axis, (before, after) in enumerate(_pairs(call, "cropping")):
        length = call.shapes[0][axis] - before - after
        if length < 1:
            message = f"it crops all of the {call.shapes[0][axis]} cells along axis {axis + 1}"
            raise InputFileError(message, where=call.place)
        if before or after:
            part = {"axis": axis, "start": before, "step": 1, "length": length}
            steps.append(Step("slice", part))
    return steps


def _pairs(call: LayerCall, name: str) -> list[list[int]]:
    count = int(call.class_name[-2])
    require_rank(call, count + 1)
    return pairs(call, name, count)
