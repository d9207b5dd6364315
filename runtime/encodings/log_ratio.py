"""Log-ratio: ln(x/low)/ln(high/low). FastCaloGAN's energy label."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Affine, TermKind, encodings, logarithm, require_positive
from caloexport.runtime.errors import UsageError
from caloexport.runtime.formula import Formula
from caloexport.runtime.parameters import require_numbers


def encode(values: Array, parameters: Mapping[str, Any]) -> Float64:
    """Return ln(x/low)/ln(high/low) as one column: 0 at ``low``, 1 at ``high``."""
    low, high = parameters["low"], parameters["high"]
    return (logarithm(np.asarray(values, dtype=np.float64) / low) / math.log(high / low))[:, None]


def check(condition: Condition, parameters: Mapping[str, Any]) -> None:
    """Refuse ends that are not positive, or equal."""
    require_numbers("log_ratio", parameters, ("low", "high"))
    require_positive(condition)
    low, high = parameters["low"], parameters["high"]
    if min(low, high) <= 0 or math.log(high / low) == 0:
        message = f"'log_ratio' needs two different positive ends, not {low:g} and {high:g}"
        raise UsageError(message)


def affine(parameters: Mapping[str, Any]) -> Affine:
    """Return ln x/ln(high/low) - ln low/ln(high/low)."""
    low, high = parameters["low"], parameters["high"]
    length = math.log(high / low)
    return Affine("ln x", 1 / length, -math.log(low) / length)


def formula(condition: Condition, parameters: Mapping[str, Any]) -> Formula:
    """Return the term as numbers."""
    low, high = parameters["low"], parameters["high"]
    return Formula(unit=low, scale=math.log(high / low), logarithmic=True)


encodings.register("log_ratio")(TermKind(encode, lambda parameters: 1, check, affine, formula))
