"""Data inside of a page: JSON that no text in it can leave, with short numbers."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from caloexport.runtime.arrays import Array

#: digits of values and of their errors; a drawing shows three
VALUE_DIGITS, ERROR_DIGITS = 5, 3


def embedded(data: Any) -> str:
    """Return data as JSON for a script element; it holds neither < nor > nor &.

    >>> embedded({"name": "</script>"})
    '{"name":"\\\\u003c/script\\\\u003e"}'
    """
    text = json.dumps(data, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def finite(data: Any) -> Any:
    """Return data of JSON with None for numbers that are none.

    >>> finite({"value": float("nan"), "rows": [(1, float("inf"))]})
    {'value': None, 'rows': [[1, None]]}
    """
    if isinstance(data, Mapping):
        return {key: finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data


def short(values: Array, digits: int = VALUE_DIGITS) -> list[Any]:
    """Return an array as nested lists of short numbers; what is not finite is None.

    >>> import numpy as np
    >>> short(np.array([[1.0, np.nan], [1 / 3, 2e6]]))
    [[1, None], [0.33333, 2000000]]
    """
    if values.ndim > 1:
        return [short(row, digits) for row in values]
    return [_short(value, digits) for value in values.tolist()]


def _short(value: float, digits: int) -> float | int | None:
    if not math.isfinite(value):
        return None
    rounded = float(f"{value:.{digits}g}")
    return int(rounded) if rounded.is_integer() else rounded
