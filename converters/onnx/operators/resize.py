"""Resize and Upsample by the nearest value."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.operators.selection import picked
from caloexport.converters.onnx.values import BATCH, Operand, Value
from caloexport.runtime.network import MAX_VALUES


@operator("Upsample")
def upsample(call: Call) -> list[Operand]:
    """The operator of opset 7 to 9; cell i shows the value at floor(i/scale)."""
    scales = call.node.attributes.get("scales")
    factors = [float(s) for s in scales] if scales else call.weights(1).ravel().tolist()
    return [_nearest(call, call.value(), factors, None, "asymmetric", "floor")]


@operator("Resize")
def resize(call: Call) -> list[Operand]:
    """Nearest values, by scales or sizes."""
    value = call.value()
    sizes, factors = call.wholes(3), None
    given = call.optional(1 if call.opset < 11 else 2)
    if isinstance(given, np.ndarray) and given.size:
        factors = [float(s) for s in given.ravel()]
    if call.integers("axes") is not None or (sizes is None) == (factors is None):
        raise call.unsupported("it resizes some of the axes, or by scales and sizes at once")
    coordinates = call.text("coordinate_transformation_mode", "half_pixel")
    rounding = call.text("nearest_mode", "round_prefer_floor")
    if call.opset < 11:
        coordinates, rounding = "asymmetric", "floor"
    return [_nearest(call, value, factors, sizes, coordinates, rounding)]


def _nearest(
    call: Call,
    value: Value,
    factors: list[float] | None,
    sizes: list[int] | None,
    coordinates: str,
    rounding: str,
) -> Value:
    if call.text("mode", "nearest") != "nearest":
        raise call.unsupported(f"it interpolates by the mode '{call.text('mode', '')}'")
    if len(factors or sizes or []) != value.rank:
        raise call.damaged(f"it resizes {value.rank} axes by {factors or sizes}")
    for axis, n in enumerate(value.dims):
        if value.axes[axis] == BATCH:
            if factors is not None and factors[axis] != 1:
                raise call.unsupported("it repeats showers")
            continue
        assert isinstance(n, int)
        factor = factors[axis] if factors is not None else (sizes or [])[axis] / n
        length = math.floor(n * factor) if factors is not None else (sizes or [])[axis]
        if not 1 <= length <= MAX_VALUES:
            raise call.damaged(f"it resizes {n} cells to {length}")
        places = _places(call, n, length, factor, coordinates, rounding)
        value = picked(call, value, axis, places)
    return value


def _places(
    call: Call, n: int, length: int, factor: float, coordinates: str, rounding: str
) -> list[int]:
    """Return which cell each of the new cells shows (the formulas of the ONNX standard)."""
    cells = np.arange(length)
    centres = {
        "half_pixel": (cells + 0.5) / factor - 0.5,
        "half_pixel_symmetric": (cells + 0.5) / factor - 0.5,
        "pytorch_half_pixel": (cells + 0.5) / factor - 0.5 if length > 1 else cells * 0.0,
        "asymmetric": cells / factor,
        "tf_half_pixel_for_nn": (cells + 0.5) / factor,
        "align_corners": cells * ((n - 1) / max(length - 1, 1)),
    }
    rules: dict[str, Callable[[Any], Any]] = {
        "round_prefer_floor": lambda x: np.ceil(x - 0.5),
        "round_prefer_ceil": lambda x: np.floor(x + 0.5),
        "floor": np.floor,
        "ceil": np.ceil,
    }
    if coordinates not in centres or rounding not in rules:
        raise call.unsupported(f"it resizes by '{coordinates}' and '{rounding}'")
    places = rules[rounding](centres[coordinates])
    return [int(k) for k in np.clip(places, 0, n - 1)]
