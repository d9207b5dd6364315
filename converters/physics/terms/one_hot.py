"""One-hot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.converters.assembly import Assembly
from caloexport.converters.physics.terms import term_spellings
from caloexport.runtime.conditions import Condition


@term_spellings.register("one_hot")
def one_hot(
    parts: Assembly, source: str, condition: Condition, parameters: Mapping[str, Any]
) -> str:
    """Look the code up in a table that has the categories in the order of the condition."""
    table = np.zeros((len(condition.categories), parameters["size"]), dtype=np.float32)
    for row, category in enumerate(condition.categories):
        table[row, parameters["codes"][category]] = 1
    return parts.add("code", "embedding", [source], {"column": 0}, {"table": table})
