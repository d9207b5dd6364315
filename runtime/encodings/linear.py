"""Linear: (x - offset)/scale. Par04 divides the energy by 1024 GeV and the angle by 90°."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Affine, TermKind, encodings
from caloexport.runtime.errors import UsageError
from caloexport.runtime.formula import Formula
from caloexport.runtime.parameters import require_numbers


def encode(values: Array, parameters: Mapping[str, Any]) -> Float64:
    """Return (x - offset)/scale as one column."""
    x = np.asarray(values, dtype=np.float64)
    return ((x - parameters["offset"]) / parameters["scale"])[:, None]


def check(condition: Condition, parameters: Mapping[str, Any]) -> None:
    """Refuse a category, and a scale of zero."""
    require_numbers("linear", parameters, ("offset", "scale"))
    if condition.categories or parameters["scale"] == 0:
        message = f"'linear' of '{condition.name}' needs a number and a scale other than 0"
        raise UsageError(message)


def affine(parameters: Mapping[str, Any]) -> Affine:
    """Return x/scale - offset/scale."""
    return Affine("x", 1 / parameters["scale"], -parameters["offset"] / parameters["scale"])


def formula(condition: Condition, parameters: Mapping[str, Any]) -> Formula:
    """Return the term as numbers."""
    return Formula(offset=parameters["offset"], scale=parameters["scale"])


encodings.register("linear")(TermKind(encode, lambda parameters: 1, check, affine, formula))
