"""One-hot: a column per category, 1 in the category's own.

The position of a category is data, because sources disagree: Par04's training puts SiW last
([0, 1]) while a comment in its C++ says first, and MetaHEP uses three columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.encodings import TermKind, encodings
from caloexport.runtime.errors import UnknownName


def encode(values: Array, parameters: Mapping[str, Any]) -> Float64:
    """Return ``size`` columns with a 1 at the position ``codes[category]``."""
    codes: Mapping[str, int] = parameters["codes"]
    columns = np.zeros((len(values), parameters["size"]))
    for row, value in enumerate(values):
        if str(value) not in codes:
            raise UnknownName("category", str(value), codes)
        columns[row, codes[str(value)]] = 1.0
    return columns


encodings.register("one_hot")(TermKind(encode, lambda parameters: int(parameters["size"])))
