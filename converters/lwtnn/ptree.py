"""Typed reading of LWTNN's JSON, as boost's property tree reads it where that makes sense.

The C++ keeps every value as text, so a number may stand in quotes; an integer may not be written
2.0. It also takes anything without children for an empty list, which we refuse.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import InputFileError

DOUBLE = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
INTEGER = re.compile(r"\s*[+-]?\d{1,9}\s*")


def child(data: Any, key: str, where: str) -> Any:
    """Return a field of an object that must be there."""
    if not isinstance(data, dict):
        raise _wrong(data, "an object", where)
    if key not in data:
        message = f"no such node ({key})"
        raise InputFileError(message, where=where, hint=f"LWTNN demands the key '{key}' here")
    return data[key]


def text(data: Any, key: str, where: str) -> str:
    """Return a field that is a text without control characters (a terminal obeys those)."""
    value = child(data, key, where)
    if not isinstance(value, str) or not value.isprintable():
        raise _wrong(value, "a printable text", f"{where}.{key}")
    return value


def texts(data: Any, key: str, where: str) -> list[str]:
    """Return a field that is a list of texts, each as in :func:`text`."""
    values = listing(data, key, where)
    for k, value in enumerate(values):
        if not isinstance(value, str) or not value.isprintable():
            raise _wrong(value, "a printable text", f"{where}.{key}[{k}]")
    return values


def number(data: Any, key: str, where: str) -> float:
    """Return a field that is a finite number, perhaps in quotes."""
    return _number(child(data, key, where), f"{where}.{key}")


def integer(data: Any, key: str, where: str) -> int:
    """Return a field that is an integer, perhaps in quotes, but not written 2.0."""
    return _integer(child(data, key, where), f"{where}.{key}")


def listing(data: Any, key: str, where: str) -> list[Any]:
    """Return a field that is a list of anything."""
    value = child(data, key, where)
    if isinstance(value, np.ndarray):
        return [float(x) for x in value]
    if not isinstance(value, list):
        raise _wrong(value, "a list", f"{where}.{key}")
    return value


def integers(data: Any, key: str, where: str) -> list[int]:
    """Return a field that is a list of integers."""
    place = f"{where}.{key}"
    return [_integer(value, f"{place}[{k}]") for k, value in enumerate(listing(data, key, where))]


def numbers(data: Any, key: str, where: str) -> Float64:
    """Return a field that is a list of numbers as an array (n,)."""
    value = child(data, key, where)
    if isinstance(value, np.ndarray):
        return value
    place = f"{where}.{key}"
    values = [_number(one, f"{place}[{k}]") for k, one in enumerate(listing(data, key, where))]
    return np.array(values, dtype=np.float64)


def _number(value: Any, where: str) -> float:
    if isinstance(value, str) and DOUBLE.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise _wrong(value, "a finite number", where)
    return float(value)


def _integer(value: Any, where: str) -> int:
    if isinstance(value, str) and INTEGER.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**31:
        raise _wrong(value, "an integer", where)
    return value


def _wrong(value: Any, wanted: str, where: str) -> InputFileError:
    message = f"expected {wanted}, found {_shown(value)}"
    return InputFileError(message, where=where)


def _shown(value: Any) -> str:
    if isinstance(value, (dict, list, np.ndarray)):
        kind = "an object" if isinstance(value, dict) else "a list"
        return f"{kind} of {len(value)}"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return f"{value!r:.40}"
