"""Constant: a column that always holds the same number.

Some consumers fill slots of the input vector with numbers of their own (Par04: 0 and 1 for the
geometry); a generator fitted to such a consumer has these columns too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import TermKind, encodings
from caloexport.runtime.formula import Formula
from caloexport.runtime.parameters import require_numbers


def encode(values: Array, parameters: Mapping[str, Any]) -> Float64:
    """Return the number once per shower."""
    return np.full((len(values), 1), float(parameters["value"]))


def check(condition: Condition, parameters: Mapping[str, Any]) -> None:
    """Refuse other parameters."""
    require_numbers("constant", parameters, ("value",))


def formula(condition: Condition, parameters: Mapping[str, Any]) -> Formula:
    """Return the term as numbers: one row for every value of the condition."""
    return Formula(table=((float(parameters["value"]),),))


encodings.register("constant")(TermKind(encode, lambda parameters: 1, check, formula=formula))
