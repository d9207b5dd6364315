"""Constant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.converters.assembly import Assembly
from caloexport.converters.physics.constant import constant
from caloexport.converters.physics.terms import term_spellings
from caloexport.runtime.conditions import Condition


@term_spellings.register("constant")
def constant_column(
    parts: Assembly, source: str, condition: Condition, parameters: Mapping[str, Any]
) -> str:
    """Give the number whatever the condition is."""
    return constant(parts, "constant", source, float(parameters["value"]))
