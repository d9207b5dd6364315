"""Affine functions of x or ln x in layers, as exact as float32 allows.

slope·f(x) + intercept as it stands loses digits where both parts are large and their sum is
small, so the centre c, where the column is 0, is taken away first: slope·(f(x) - c). What c
loses by being rounded to float32 goes into the last offset.
"""

from __future__ import annotations

import math

import numpy as np

from caloexport.converters.assembly import Assembly
from caloexport.runtime.encodings import Affine

FUNCTIONS = ("x", "ln x")
#: exp of it times any energy stays far inside float32
LARGEST_LOGARITHM = 60.0


def affine_column(parts: Assembly, source: str, affine: Affine) -> str:
    """Add slope·f(x) + intercept of a value (1,) and return its name.

    Args:
        parts: takes the nodes.
        source: name of x.
        affine: of one of the functions above.
    """
    centre = -affine.intercept / affine.slope
    if affine.function == "x":
        value, reached = _shifted(parts, source, centre)
    else:
        value, reached = _logarithm(parts, source, centre)
    return _scaled(parts, value, affine.slope, affine.slope * (reached - centre))


def _shifted(parts: Assembly, source: str, centre: float) -> tuple[str, float]:
    """Return x - c', and the float32 number c' next to the centre."""
    reached = float(np.float32(centre))
    if reached == 0:
        return source, 0.0
    return _scaled(parts, source, 1.0, -reached), reached


def _logarithm(parts: Assembly, source: str, centre: float) -> tuple[str, float]:
    """Return ln(x/exp c'), and a number c' near the centre of which float32 has 1/exp c'."""
    bounded = min(max(centre, -LARGEST_LOGARITHM), LARGEST_LOGARITHM)
    scale = float(np.float32(math.exp(-bounded)))
    ratio = _scaled(parts, source, scale, 0.0)
    return parts.add("ln", "activation", [ratio], {"function": "log"}), -math.log(scale)


def _scaled(parts: Assembly, source: str, scale: float, offset: float) -> str:
    weights = {"scale": np.array([scale], np.float32), "offset": np.array([offset], np.float32)}
    return parts.add("scaled", "normalization", [source], {}, weights)
