from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import encodings
from caloexport.runtime.errors import UnknownName, UsageError

GEOMETRY = Condition("geometry", categories=("siw", "scipb"))
#: Par04's training code puts SiW last
PAR04 = {"codes": {"scipb": 0, "siw": 1}, "size": 2}
CASES = [
    (["siw", "scipb"], PAR04, [[0.0, 1.0], [1.0, 0.0]]),
    # more columns than categories: those of detectors that are still to come
    (["siw"], {"codes": {"siw": 2, "scipb": 0}, "size": 5}, [[0.0, 0.0, 1.0, 0.0, 0.0]]),
]


@pytest.mark.parametrize(("values", "parameters", "expected"), CASES)
def test_formula(values: list[str], parameters: dict[str, Any], expected: Any) -> None:
    kind = encodings["one_hot"]
    kind.check(GEOMETRY, parameters)
    assert kind.width(parameters) == parameters["size"]
    np.testing.assert_array_equal(kind.encode(np.array(values), parameters), expected)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "'one_hot' needs 'codes' and a 'size'"),
        ({"codes": {"siw": 0, "scipb": 1}, "size": 10**9}, "a 'size' of 1 to 1024, not 1000000000"),
        ({"codes": {"siw": 0, "scipb": 1}, "size": 2.0}, "a 'size' of 1 to 1024"),
        ({"codes": ["siw"], "size": 2}, "needs 'codes'"),
        ({"codes": {"siw": 0, "scipb": 2}, "size": 2}, "code of 'scipb' is 2, expected 0 to 1"),
        ({"codes": {"siw": 0, "scipb": -1}, "size": 2}, "code of 'scipb' is -1"),
        ({"codes": {"siw": 0, "scipb": "1"}, "size": 2}, "code of 'scipb' is '1'"),
        ({"codes": {"siw": 0}, "size": 2}, "category 'scipb' has no code"),
    ],
)
def test_parameters_it_cannot_use(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        encodings["one_hot"].check(GEOMETRY, parameters)


def test_a_number_has_no_categories() -> None:
    with pytest.raises(UsageError, match="cannot encode 'eta': it has no categories"):
        encodings["one_hot"].check(Condition("eta"), PAR04)


def test_an_unknown_category_lists_the_known() -> None:
    with pytest.raises(UnknownName, match="unknown category 'lar'"):
        encodings["one_hot"].encode(np.array(["lar"]), PAR04)
