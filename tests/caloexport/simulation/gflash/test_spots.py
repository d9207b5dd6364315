from __future__ import annotations

from dataclasses import replace

import pytest

from caloexport.simulation.gflash.spots import MOST, published_number, spot_energies_mev
from caloexport.simulation.gflash.tuning import load_tuning


def test_published_number() -> None:
    assert published_number(74, 1000) == pytest.approx(93 * 4.304065, rel=1e-6)


def test_spots_in_active_slabs_give_the_resolution() -> None:
    tuning = replace(load_tuning("siw"), sampling_term=0.12)
    _, _, visible = spot_energies_mev(tuning, 0.032, 10_000.0)
    # a Poisson number of exponential energies: relative variance 2 ε / E_visible
    assert 2 * visible / (0.032 * 1000) == pytest.approx(0.12**2)


def test_spots_grow_where_they_would_be_too_many() -> None:
    tuning = load_tuning("siw")
    below, above = (spot_energies_mev(tuning, 0.03, energy) for energy in (1e5, 1e6))
    assert below[1] == tuning.tail_spot_mev
    assert 1e6 / above[1] == pytest.approx(MOST)
