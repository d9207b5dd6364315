"""Numeric parameters of encodings and output maps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from caloexport.runtime.errors import UsageError


def require_numbers(kind: str, parameters: Mapping[str, Any], names: tuple[str, ...]) -> None:
    """Check that exactly the named parameters are there and finite numbers.

    Raises:
        UsageError: one is missing, superfluous or not a number.

    >>> require_numbers("linear", {"offset": 0.0, "scale": 2.0}, ("offset", "scale"))
    """
    if set(parameters) != set(names):
        found = ", ".join(map(str, parameters)) or "none"
        message = f"'{kind}' has the parameters {', '.join(names)}; found {found}"
        raise UsageError(message)
    for name in names:
        value = parameters[name]
        if type(value) not in (int, float) or not math.isfinite(value):
            message = f"parameter '{name}' of '{kind}' is {value!r:.40}, expected a finite number"
            raise UsageError(message)
