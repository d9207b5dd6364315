from __future__ import annotations

import logging

import pytest

from caloexport.validation.classifiers.pace import Pace


def steps_of(seconds: float, total: int) -> list[tuple[int, int, str]]:
    ticks = iter(range(1000))
    told: list[tuple[int, int, str]] = []
    pace = Pace("auc low", total, lambda *given: told.append(given), lambda: seconds * next(ticks))
    for _ in range(min(total, 10)):
        pace.step()
    return told


def test_long_waits_are_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """The clock is read at the first step and at the fourth: what the first takes is left out."""
    with caplog.at_level(logging.WARNING):
        told = steps_of(90.0, 1004)
    [record] = caplog.records
    expected = "auc low: 1004 steps of training, about 8 h; fewer showers take less"
    assert record.getMessage() == expected
    assert told[-1] == (10, 1004, "auc low")


def test_short_ones_are_not(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        steps_of(0.01, 1004)
        steps_of(90.0, 3)
    assert not caplog.records
