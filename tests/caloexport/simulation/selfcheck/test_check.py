from __future__ import annotations

import pytest

from caloexport.simulation.selfcheck.check import MOST_PULL, Check


@pytest.mark.parametrize(("shift", "passed"), [(0.99, True), (-0.99, True), (1.01, False)])
def test_errors_of_both_sides_add_in_squares(shift: float, passed: bool) -> None:
    check = Check("siw", "active", 10 + shift * 5 * MOST_PULL, 3, 10, 4)
    assert check.pull == pytest.approx(shift * MOST_PULL)
    assert check.passed is passed


@pytest.mark.parametrize(("found", "passed"), [(1.0199, True), (0.9801, True), (1.0201, False)])
def test_a_tolerance_is_relative(found: float, passed: bool) -> None:
    check = Check("lead", "attenuation", 7 * found, 0, 7, 0, tolerance=0.02)
    assert check.pull is None
    assert check.passed is passed


def test_without_errors_and_tolerance_nothing_passes() -> None:
    assert not Check("lead", "X0", 1, 0, 1, 0).passed


def test_json_holds_numbers_and_verdict() -> None:
    told = Check("siw", "active", 2, 0.6, 1, 0.8).to_json()
    assert told["pull"] == pytest.approx(1)
    assert told["deviation"] == pytest.approx(1)
    assert told["passed"] is True
    assert (told["subject"], told["quantity"], told["reference_error"]) == ("siw", "active", 0.8)
