from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.runtime.errors import UnknownName
from caloexport.runtime.tolerance import TABLE, compare

EXPECTED = np.array([[1.0, 2.0], [0.0, 4.0]])


def test_every_row_has_a_reason() -> None:
    assert all(row.reason and row.rtol > 0 for row in TABLE.values())


@pytest.mark.parametrize("kind", sorted(TABLE))
def test_the_limit_is_absolute_plus_relative_to_the_shower(kind: str) -> None:
    row = TABLE[kind]
    limit = row.atol + row.rtol * 4.0
    for step, equal in ((0.9, True), (1.1, False)):
        found = EXPECTED.copy()
        found[1, 0] += step * limit  # beside a zero, the shower's maximum counts
        difference = compare(found, EXPECTED, kind)
        assert difference.equal is equal
        assert (difference.row, difference.column) == (1, 0)
        assert difference.max_abs == pytest.approx(step * limit)
        assert difference.max_rel == pytest.approx(step * limit / 4)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_differs_even_from_itself(bad: float) -> None:
    broken = EXPECTED.copy()
    broken[0, 1] = bad
    for found, expected in ((broken, EXPECTED), (EXPECTED, broken), (broken, broken)):
        difference = compare(found, expected, "float32")
        assert not difference.equal
        assert difference.max_abs == math.inf
        assert (difference.row, difference.column) == (0, 1)


def test_shapes_must_agree() -> None:
    assert not compare(EXPECTED[:1], EXPECTED, "float32").equal


def test_nothing_equals_nothing() -> None:
    assert compare(np.zeros((3, 0)), np.zeros((3, 0)), "float32").equal


def test_zero_expected_zero_found() -> None:
    difference = compare(np.zeros((1, 2)), np.zeros((1, 2)), "float64")
    assert difference.equal
    assert difference.max_rel == 0.0


def test_unknown_row() -> None:
    with pytest.raises(UnknownName, match="unknown tolerance 'float16'"):
        compare(EXPECTED, EXPECTED, "float16")
