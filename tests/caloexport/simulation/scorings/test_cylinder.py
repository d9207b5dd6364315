"""The regular cylinder, against a plain numpy formula."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caloexport.simulation.detector_file import load_detector
from caloexport.simulation.frame import shower_frame
from caloexport.simulation.primary import Primary
from caloexport.simulation.scorings import make_scoring

NAME = "cylinder"
SIW = load_detector("siw")


def steps(n: int, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    x, y = random.normal(0, 20, (2, n))
    z = random.uniform(0, SIW.depth_mm, n)
    slab = np.searchsorted(SIW.edges_mm, z, side="right") - 1
    return np.stack([random.exponential(1.0, n), x, y, z, slab], axis=1)


def expected(rows: np.ndarray, theta: float, counted: np.ndarray) -> np.ndarray:
    x, y, z = shower_frame(theta).to_shower(rows[:, 1:4]).T
    ring = np.floor(np.hypot(x, y) / 2.325).astype(int)
    sector = np.floor((np.arctan2(y, x) + math.pi) / (2 * math.pi / 50)).astype(int)
    layer = np.floor(z / 3.4).astype(int)
    good = (ring < 18) & (layer >= 0) & (layer < 45) & counted[rows[:, 4].astype(int)]
    flat = (ring * 50 + sector) * 45 + layer
    return np.bincount(flat[good], rows[good, 0], minlength=40500)


@pytest.mark.parametrize("degrees", [90.0, 75.0, 60.0])
@pytest.mark.parametrize("deposits", ["all", "active"])
def test_cells_follow_the_formula(degrees: float, deposits: str) -> None:
    from dataclasses import replace

    plan = replace(SIW.scorings["18x50x45"], deposits=deposits, threshold_mev=0.0)
    scoring = make_scoring(plan, SIW)
    assert plan.kind == NAME
    theta = math.radians(degrees)
    scoring.start(shower_frame(theta), Primary(11, 1e4, theta))
    rows = steps(3000)
    scoring.add(rows[:1000])
    scoring.add(rows[1000:])
    wanted = expected(rows, theta, scoring.counts)
    assert scoring.finish() == pytest.approx(wanted, rel=1e-6)
    assert scoring.inside_mev == pytest.approx(wanted.sum())


def test_factor_comes_before_the_threshold() -> None:
    from dataclasses import replace

    plan = replace(SIW.scorings["18x50x45"], factor=10.0, threshold_mev=1.0)
    scoring = make_scoring(plan, SIW)
    scoring.start(shower_frame(math.pi / 2), Primary(11, 1e4, math.pi / 2))
    scoring.add(np.array([[0.2, 1.0, 1.0, 10.0, 0], [0.05, 9.0, 1.0, 10.0, 0]]))
    energies = scoring.finish()
    assert energies[energies > 0].tolist() == [2.0]


def test_upstream_deposits_never_count() -> None:
    from caloexport.simulation.detector_file import detector_from_data

    data = {**SIW.data, "upstream": [{"slabs": [{"material": "G4_Al", "thickness": "5mm"}]}]}
    detector = detector_from_data("with-coil", data)
    scoring = make_scoring(detector.scorings["18x50x45"], detector)
    scoring.start(shower_frame(math.pi / 2), Primary(11, 1e4, math.pi / 2))
    scoring.add(np.array([[5.0, 0.0, 0.0, 1.0, 0], [7.0, 0.0, 0.0, 1.0, 1]]))
    assert scoring.inside_mev == 7.0
