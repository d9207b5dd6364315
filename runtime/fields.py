"""Typed reading of JSON objects from files that nobody vouches for."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

from caloexport.runtime.errors import InputFileError, UsageError


@contextlib.contextmanager
def blame_file(
    where: str, hint: str = "damaged, or written by another version of caloexport?"
) -> Iterator[None]:
    """Turn every complaint about the content of a file into an error of that file.

    What would be wrong usage from Python (an unknown name, a parameter out of its range) is a
    damaged or foreign file when it was read from one; the plain exceptions are the net below.

    Args:
        where: the file.
        hint: for complaints of wrong usage that bring none.

    Raises:
        InputFileError: instead of what was raised inside.
    """
    try:
        yield
    except InputFileError as error:
        error.where = error.where or where
        raise
    except UsageError as error:
        raise InputFileError(error.message, where=where, hint=error.hint or hint) from error
    except (
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
        ArithmeticError,
        RecursionError,
    ) as error:
        message = f"its content is damaged: {error!r:.80}"
        raise InputFileError(message, where=where) from error


MAX_FLOAT = sys.float_info.max


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
    """Return a string field, fit to be shown on a terminal.

    >>> text({"name": "siw"}, "name", "a.json")
    'siw'
    """
    return printable(_field(data, key, where, (str,), "a string"), key, where)


def texts(data: Any, key: str, where: str) -> list[str]:
    """Return a list-of-strings field."""
    return [printable(value, key, where) for value in listing(data, key, where)]


def printable(value: Any, key: str, where: str) -> str:
    """Return the value if it is a string without control characters (a terminal obeys those)."""
    if not isinstance(value, str) or not value.isprintable():
        message = f"field '{key}' holds {value!r:.60}, expected printable text"
        raise InputFileError(message, where=where)
    return value


def whole(data: Any, key: str, where: str) -> int:
    """Return an integer field."""
    return int(_field(data, key, where, (int,), "a whole number"))


def number(data: Any, key: str, where: str) -> float:
    """Return a finite number field."""
    return _finite(_field(data, key, where, (int, float), "a number"), key, where)


def numbers(data: Any, key: str, where: str) -> list[float]:
    """Return a list-of-numbers field."""
    return [_finite(value, key, where) for value in listing(data, key, where)]


def _finite(value: Any, key: str, where: str) -> float:
    # whole numbers of any length are valid JSON; comparing them is safe, converting is not
    if type(value) not in (int, float) or not abs(value) <= MAX_FLOAT:
        message = f"field '{key}' holds {value!r:.60}, expected a finite number"
        raise InputFileError(message, where=where)
    return float(value)


def sizes(data: Any, key: str, where: str) -> tuple[int, ...]:
    """Return a shape: a list of whole numbers, each at least 1."""
    values = listing(data, key, where)
    if not values or not all(type(n) is int and n > 0 for n in values):
        message = f"field '{key}' is {values!r:.60}, expected positive whole numbers"
        raise InputFileError(message, where=where)
    return tuple(values)


def listing(data: Any, key: str, where: str) -> list[Any]:
    """Return a list field."""
    return list(_field(data, key, where, (list,), "a list"))


def mapping(data: Any, key: str, where: str) -> dict[str, Any]:
    """Return an object field."""
    return dict(_field(data, key, where, (dict,), "an object"))
