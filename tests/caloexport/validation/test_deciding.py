"""The three answers, and the showers that one of them takes."""

from __future__ import annotations

import math

import pytest

from caloexport.validation.deciding import decide, more_showers
from caloexport.validation.significance import errors_needed

YES, NO, FEW = "yes", "no", "too few showers"


@pytest.mark.parametrize(
    ("difference", "error", "floor", "answer"),
    [
        (0.0, 0.10, 0.0, YES),
        (1.0, 0.10, 0.0, YES),
        (1.0, 0.39, 0.0, YES),  # (3 + 2) · 0.39 < 3 - 1
        (0.0, 0.41, 0.0, FEW),  # a difference of three might be missed
        (1.1, 0.10, 0.0, FEW),
        (1.3, 0.10, 0.0, FEW),
        (1.31, 0.10, 0.0, NO),  # 1 + 3 · 0.1
        (9.0, 2.60, 0.0, NO),
        (0.0, 0.30, 0.4, YES),  # √(9 + 0.16) - 0.4 - 1 = 1.63
        (-0.2, 0.30, 1.0, FEW),  # √(9 + 1) - 1 - 1 = 1.16
        (0.0, 0.0, 3.0, YES),  # √18 - 3 - 1 = 0.24
        (0.0, 0.0, 4.0, FEW),  # under so much chance three would not be seen
        (9.0, None, 0.0, FEW),
    ],
)
def test_within_one_at_three_errors(
    difference: float, error: float | None, floor: float, answer: str
) -> None:
    assert decide(difference, error, 1.0, errors=3.0, floor=floor) == answer


@pytest.mark.parametrize("floor", [0.0, 0.5, 3.0])
@pytest.mark.parametrize("difference", [0.2, 1.4])
def test_with_the_showers_that_it_takes_there_is_an_answer(difference: float, floor: float) -> None:
    times = more_showers(difference, 0.6, 1.0, errors=3.0, floor=floor)
    for factor, decided in ((1.01, True), (0.99, False)):
        shrunk = math.sqrt(times * factor)
        answer = decide(difference, 0.6 / shrunk, 1.0, errors=3.0, floor=floor / shrunk)
        sees = decide(0.0, 0.6 / shrunk, 1.0, errors=3.0, floor=floor / shrunk) == YES
        assert (answer != FEW or sees) == decided


def test_a_difference_that_is_its_limit_takes_no_number_of_showers() -> None:
    assert more_showers(1.0, 0.1, 1.0, errors=3.0) == math.inf


def test_nothing_passes_a_limit_of_nothing() -> None:
    assert decide(0.0, 0.1, 0.0, errors=3.0) == FEW
    assert decide(1.0, 0.1, 0.0, errors=3.0) == NO
    assert more_showers(0.0, 0.1, 0.0, errors=3.0) == math.inf


@pytest.mark.parametrize("errors", [2.0, errors_needed(70, 300)])
def test_what_passes_would_have_failed_at_three_times_the_limit(errors: float) -> None:
    """At the largest error that passes, 97.7 % of samples that differ by three limits fail."""
    error = 2.0 / (errors + 2) * 0.999
    assert decide(0.0, error, 1.0, errors=errors) == YES
    seen_at = (1.0 + errors * error - 3.0) / error  # in errors about the true difference
    assert seen_at == pytest.approx(-2, abs=0.01)
