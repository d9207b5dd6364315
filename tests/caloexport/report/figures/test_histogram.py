from __future__ import annotations

import numpy as np
import pytest

from caloexport.report.figures.histogram import distribution, histogram_edges, trend


def test_bins_hold_the_bulk_of_both_samples() -> None:
    random = np.random.default_rng(0)
    usual, found = random.normal(10, 1, 2000), random.normal(11, 2, 2000)
    edges = histogram_edges(usual, found)
    assert edges[0] < 6.5
    assert 14 < edges[-1] < 20
    assert len(edges) - 1 == 32
    assert len(histogram_edges(usual[:100], found)) - 1 < 15


def test_a_generated_sample_far_away_widens_the_range_by_its_width_at_most() -> None:
    usual = np.linspace(0, 1, 500)
    edges = histogram_edges(usual, usual + 100)
    assert edges[0] == 0
    assert edges[-1] == pytest.approx(2, abs=0.2)


def test_showers_at_the_limit_are_inside() -> None:
    """Fractions are 0 in many showers, and none is below."""
    usual = np.concatenate([np.zeros(300), np.linspace(0.01, 1, 1000)])
    panel = distribution("", "x", usual, usual)
    assert panel is not None
    assert panel.reference.values.sum() == pytest.approx(1)
    assert panel.reference.values[0] > 0.23
    assert not any("outside" in note for note in panel.notes)


def test_what_lies_outside_is_told() -> None:
    usual = np.random.default_rng(1).normal(0, 1, 1000)
    panel = distribution("", "x", usual, np.concatenate([usual, np.full(250, 50.0)]))
    assert panel is not None
    assert panel.notes[1] == "outside 0.0 %, 20.0 %"


def test_rounding_is_no_range() -> None:
    usual = np.concatenate([np.random.default_rng(2).uniform(0, 1e-9, 900), np.ones(100)])
    edges = histogram_edges(usual, usual)
    assert edges[-1] == pytest.approx(1)


def test_nothing_to_draw() -> None:
    nothing = np.full(9, np.nan)
    assert distribution("", "x", nothing, np.ones(9)) is None
    assert trend("", "y", np.array([1e3]), [(nothing, np.ones(9))], "mean") is None


def test_a_trend_leaves_energies_without_numbers_out() -> None:
    ones = np.array([1.0, 2.0, 3.0, 4.0])
    pairs = [(ones, 2 * ones), (np.full(4, np.nan), ones), (3 * ones, ones)]
    panel = trend("", "y", np.array([1e3, 2e3, 4e3]), pairs, "width")
    assert panel is not None
    assert panel.x.tolist() == [1.0, 4.0]
    width = float(ones.std(ddof=1))
    assert panel.reference.values == pytest.approx([width, 3 * width])
    assert panel.generated.values == pytest.approx([2 * width, width])
