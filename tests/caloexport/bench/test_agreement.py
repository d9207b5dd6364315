"""How far outputs may be from the reference."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.bench.agreement import ALLOWED, agrees, relative_difference

EXPECTED = np.array([[3.0, 4.0], [0.0, 0.0]])


def test_the_difference_is_relative_to_the_size_of_all_values() -> None:
    found = np.array([[3.0, 4.0], [0.3, 0.4]])
    assert relative_difference(found, EXPECTED) == pytest.approx(0.1)
    assert relative_difference(EXPECTED.astype("f4").ravel(), EXPECTED) == 0.0


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_differs_infinitely(value: float) -> None:
    found = EXPECTED.copy()
    found[1, 1] = value
    assert relative_difference(found, EXPECTED) == np.inf


def test_another_size_differs_infinitely() -> None:
    assert relative_difference(EXPECTED[:1], EXPECTED) == np.inf


def test_nothing_expected_and_nothing_found_is_equal() -> None:
    assert relative_difference(np.zeros((1, 2)), np.zeros((1, 2))) == 0.0


def test_a_precision_allows_what_its_family_does() -> None:
    assert agrees(0.05, "int8-a8")
    assert not agrees(0.05, "float32")
    assert not agrees(0.2, "int8")
    assert not agrees(2 * min(ALLOWED.values()), "float64")
