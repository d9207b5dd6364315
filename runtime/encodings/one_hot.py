"""One-hot: a column per category, 1 in the category's own.

The position of a category is data, because sources disagree: Par04's training puts SiW last
([0, 1]) while a comment in its C++ says first, and MetaHEP uses three columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import TermKind, encodings
from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.runtime.formula import Formula

#: a guard against damaged files
MAX_SIZE = 1024


def encode(values: Array, parameters: Mapping[str, Any]) -> Float64:
    """Return ``size`` columns with a 1 at the position ``codes[category]``."""
    codes: Mapping[str, int] = parameters["codes"]
    columns = np.zeros((len(values), parameters["size"]))
    for row, value in enumerate(values):
        if str(value) not in codes:
            raise UnknownName("category", str(value), codes)
        columns[row, codes[str(value)]] = 1.0
    return columns


def check(condition: Condition, parameters: Mapping[str, Any]) -> None:
    """Refuse a category without a code, and codes outside the columns."""
    size, codes = parameters.get("size"), parameters.get("codes")
    if type(size) is not int or not 1 <= size <= MAX_SIZE or not isinstance(codes, Mapping):
        message = f"'one_hot' needs 'codes' and a 'size' of 1 to {MAX_SIZE}, not {size!r:.40}"
        raise UsageError(message)
    for name, code in codes.items():
        if type(code) is not int or not 0 <= code < size:
            message = f"the code of '{name}' is {code!r:.40}, expected 0 to {size - 1}"
            raise UsageError(message)
    missing = [name for name in condition.categories if name not in codes]
    if missing or not condition.categories:
        what = f"category '{missing[0]}' has no code" if missing else "it has no categories"
        message = f"'one_hot' cannot encode '{condition.name}': {what}"
        raise UsageError(message)


def formula(condition: Condition, parameters: Mapping[str, Any]) -> Formula:
    """Return the term as numbers: a row for each category of the condition."""
    rows = encode(np.array(condition.categories), parameters).tolist()
    return Formula(table=tuple(map(tuple, rows)))


encodings.register("one_hot")(
    TermKind(encode, lambda parameters: int(parameters["size"]), check, formula=formula)
)
