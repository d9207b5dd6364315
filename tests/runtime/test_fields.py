from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from caloexport.runtime.errors import InputFileError, UnknownName, UsageError
from caloexport.runtime.fields import (
    blame_file,
    listing,
    mapping,
    number,
    numbers,
    sizes,
    text,
    texts,
    whole,
)

Reader = Callable[[Any, str, str], Any]


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (text, "siw µ", "siw µ"),
        (texts, ["r", "phi"], ["r", "phi"]),
        (whole, 3, 3),
        (number, 3, 3.0),
        (number, -2.5, -2.5),
        (numbers, [1, 2.5], [1.0, 2.5]),
        (sizes, [3, 1], (3, 1)),
        (listing, [], []),
        (mapping, {"b": 1}, {"b": 1}),
    ],
)
def test_good_fields(read: Reader, value: Any, expected: Any) -> None:
    assert read({"a": value}, "a", "f.json") == expected


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (text, 5),
        (text, None),
        (text, "red\x1b[31m"),
        (text, "two\nlines"),
        (text, "\ud800"),
        (texts, "abc"),
        (texts, ["a", 1]),
        (whole, 3.0),
        (whole, True),
        (whole, "3"),
        (number, float("nan")),
        (number, float("inf")),
        (number, 10**400),
        (number, True),
        (numbers, [1, True]),
        (numbers, [10**400]),
        (numbers, [float("nan")]),
        (numbers, 1),
        (sizes, []),
        (sizes, [0]),
        (sizes, [-1]),
        (sizes, [2.0]),
        (sizes, [True]),
        (listing, {}),
        (mapping, []),
    ],
)
def test_wrong_fields_are_named(read: Reader, value: Any) -> None:
    with pytest.raises(InputFileError, match=r"f\.json: field 'a' (is|holds) .*expected"):
        read({"a": value}, "a", "f.json")


def test_missing_field_and_no_object() -> None:
    with pytest.raises(InputFileError, match="field 'a' is missing"):
        text({}, "a", "f.json")
    with pytest.raises(InputFileError, match="expected an object that holds 'a', found list"):
        text([], "a", "f.json")


@pytest.mark.parametrize(
    "error",
    [
        UsageError("no good"),
        UnknownName("encoding", "no good", []),
        KeyError("no good"),
        TypeError("no good"),
        OverflowError("no good"),
        RecursionError("no good"),
        InputFileError("no good"),
    ],
)
def test_complaints_about_a_file_become_errors_of_the_file(error: Exception) -> None:
    with pytest.raises(InputFileError, match="no good") as caught, blame_file("f.json"):
        raise error
    assert caught.value.where == "f.json"
    assert caught.value.exit_code == 3


def test_an_error_that_knows_its_place_keeps_it() -> None:
    with pytest.raises(InputFileError) as caught, blame_file("f.json"):
        raise InputFileError("bad", where="inner.json")
    assert caught.value.where == "inner.json"
