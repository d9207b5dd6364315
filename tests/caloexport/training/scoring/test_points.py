from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from caloexport.training.data import TrainingData, load
from caloexport.training.scoring.points import points_of
from tests.caloexport.training import tiny, window_toy


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    folder = tmp_path_factory.mktemp("points")
    files = [tiny.write(folder / f"{name}.h5", name, n=100) for name in ("siw", "scipb")]
    return load(files, held_back=0.5)


def test_a_scan_has_a_point_per_energy(tmp_path: Path) -> None:
    scan = window_toy.data(tmp_path, n=40)
    points = points_of(scan)
    assert [point.energy_mev for point in points] == list(window_toy.ENERGIES_MEV)
    for point in points:
        energies = scan.energy_mev[scan.scoring][point.rows]
        assert set(energies) == {point.energy_mev}
        assert point.holds(scan.geometry, scan.energy_mev).sum() == 40


def test_a_spectrum_has_windows_that_hold_every_shower_once(data: TrainingData) -> None:
    points = points_of(data)
    assert [point.geometry for point in points] == ["scipb"] * 3 + ["siw"] * 3
    rows = np.concatenate([point.rows for point in points])
    assert sorted(rows) == list(range(len(data.scoring)))
    for point in points:
        assert point.low_mev < point.energy_mev < point.high_mev
        energies = data.energy_mev[data.scoring][point.rows]
        assert (energies >= point.low_mev).all()
        assert (energies < point.high_mev).all()


def test_so_few_showers_that_no_window_has_enough_are_one_point(data: TrainingData) -> None:
    held_back = np.zeros_like(data.held_back)
    held_back[np.flatnonzero(data.geometry == "siw")[:6]] = True
    (point,) = points_of(replace(data, held_back=held_back))
    assert len(point.rows) == 6
    assert point.holds(data.geometry, data.energy_mev)[np.flatnonzero(held_back)].all()
