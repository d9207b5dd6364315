"""Figures of calls and of rounds."""

from __future__ import annotations

import pytest

from caloexport.bench.statistics import figures, ratios


def test_percentiles_are_of_all_calls_together() -> None:
    found = figures([[float(k) for k in range(51)], [float(k) for k in range(51, 101)]])
    assert (found.calls, found.median, found.p10, found.p90, found.p99) == (101, 50, 10, 90, 99)


def test_a_noisy_round_does_not_move_a_ratio() -> None:
    ours, peers = [[10.0, 10.0], [90.0, 90.0], [11.0]], [[20.0], [180.0], [22.0, 22.0]]
    assert ratios(peers, ours).median == 2.0


def test_percentiles_of_a_ratio_are_over_the_rounds() -> None:
    found = ratios([[float(k)] for k in range(11)], [[1.0]] * 11)
    assert (found.median, found.p10, found.p90) == (5.0, 1.0, 9.0)


def test_rounds_must_be_paired() -> None:
    with pytest.raises(ValueError, match="zip"):
        ratios([[1.0]], [[1.0], [2.0]])
