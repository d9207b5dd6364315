from __future__ import annotations

import numpy as np
import pytest

from caloexport.training.curves.panels import Curve, Panel, panels
from tests.caloexport.training.curves.history import gan


def test_columns_are_sorted_into_panels_whatever_families_and_scores_call_them() -> None:
    found = {panel.title: [curve.name for curve in panel.curves] for panel in panels(gan(5))}
    assert found == {
        "score": ["score", "best"],
        "worst deviations": ["total energy", "its width"],
        "losses (held back)": [
            "critic 1 distance",
            "held back",
            "critic 2 distance",
            "held back",
        ],
        "further losses": ["critic 1 penalty", "generator"],
    }


def test_the_best_score_is_the_smallest_so_far() -> None:
    score, best = panels(gan(5))[0].curves
    assert score.updates.tolist() == [100, 200, 300, 400, 500]
    assert score.values.tolist() == [2, 3, 4, 2, 3]
    assert best.values.tolist() == [2, 2, 2, 2, 2]


def test_values_that_are_missing_or_not_finite_are_gaps() -> None:
    rows = gan(4)
    rows[1]["score"] = None
    del rows[2]["score"]
    score, best = panels(rows)[0].curves
    assert score.updates.tolist() == best.updates.tolist() == [100, 400]
    assert panels([]) == panels([{"updates": 1, "score": None}]) == []


def test_an_axis_is_logarithmic_where_all_is_positive_and_the_beginning_does_not_widen_it() -> None:
    assert [panel.logarithmic for panel in panels(gan(3))] == [True, True, False, False]
    updates = np.arange(1.0, 101.0)
    values = np.where(updates < 10, 1e6, np.where(updates % 2, 1.0, 3.0))
    low, high = Panel("score", (Curve("score", updates, values),)).limits
    assert (low, high) == pytest.approx((0.9, 3.1))


def test_a_single_row_has_limits() -> None:
    for panel in panels(gan(1)):
        low, high = panel.limits
        assert low < high
