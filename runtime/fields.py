"""Typed reading of JSON objects from files that nobody vouches for."""

from __future__ import annotations

import math
from typing import Any

from caloexport.runtime.errors import InputFileError


def _field(data: Any, key: str, where: str, kinds: tuple[type, ...], wanted: str) -> Any:
    if not isinstance(data, dict):
        message = f"expected an object that holds '{key}', found {type(data).__name__}"
        raise InputFileError(message, where=where)
    if key not in data:
        message = f"field '{key}' is missing"
        raise InputFileError(message, where=where)
    value = data[key]
    if not isinstance(value, kinds) or isinstance(value, bool):
        message = f"field '{key}' is {value!r:.60}, expected {wanted}"
        raise InputFileError(message, where=where)
    return value


def text(data: Any, key: str, where: str) -> str:
    """Return a string field.

    >>> text({"name": "siw"}, "name", "a.json")
    'siw'
    """
    return str(_field(data, key, where, (str,), "a string"))


def whole(data: Any, key: str, where: str) -> int:
    """Return an integer field."""
    return int(_field(data, key, where, (int,), "a whole number"))


def number(data: Any, key: str, where: str) -> float:
    """Return a finite number field."""
    value = float(_field(data, key, where, (int, float), "a number"))
    if not math.isfinite(value):
        message = f"field '{key}' is {value}, expected a finite number"
        raise InputFileError(message, where=where)
    return value


def numbers(data: Any, key: str, where: str) -> list[float]:
    """Return a list-of-numbers field."""
    values = listing(data, key, where)
    if not all(isinstance(v, (int, float)) and math.isfinite(v) for v in values):
        message = f"field '{key}' holds something that is not a finite number"
        raise InputFileError(message, where=where)
    return [float(v) for v in values]


def listing(data: Any, key: str, where: str) -> list[Any]:
    """Return a list field."""
    return list(_field(data, key, where, (list,), "a list"))


def mapping(data: Any, key: str, where: str) -> dict[str, Any]:
    """Return an object field."""
    return dict(_field(data, key, where, (dict,), "an object"))
