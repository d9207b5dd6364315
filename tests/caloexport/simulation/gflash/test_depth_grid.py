from __future__ import annotations

import numpy as np
import pytest

from caloexport.simulation.detector_file import detector_from_data, load_detector
from caloexport.simulation.gflash.depth_grid import NOWHERE, SHEET_X0, depth_grid
from caloexport.simulation.gflash.effective_medium import effective_medium
from caloexport.simulation.gflash.tuning import load_tuning


@pytest.mark.parametrize("name", ["siw", "scipb", "pbwo4"])
def test_sheets_fill_the_stack(name: str) -> None:
    detector = load_detector(name)
    medium = effective_medium(detector)
    grid = depth_grid(detector, medium, 0.9)
    inside = grid.slab != NOWHERE
    assert grid.low_mm[inside][0] == 0
    assert grid.low_mm[inside][1:] == pytest.approx(grid.high_mm[inside][:-1])
    assert grid.high_mm[inside][-1] == pytest.approx(detector.depth_mm)
    assert np.diff(grid.t_x0[inside]).max() <= SHEET_X0 + 1e-9
    last = grid.t_x0[inside][-1]
    assert last == pytest.approx(detector.depth_mm / medium.x0_mm, abs=SHEET_X0)


@pytest.mark.parametrize(("name", "active"), [("siw", 0.0320), ("scipb", 0.0331)])
def test_active_slabs_take_what_geant4_measures(name: str, active: float) -> None:
    detector = load_detector(name)
    e_over_mip = load_tuning(name).e_over_mip
    grid = depth_grid(detector, effective_medium(detector), e_over_mip)
    assert grid.visible == pytest.approx(active, rel=0.01)
    assert 0.7 < e_over_mip < 0.9


def test_a_homogeneous_stack_is_all_visible_and_even() -> None:
    detector = load_detector("pbwo4")
    grid = depth_grid(detector, effective_medium(detector), 0.5)
    assert grid.visible == 1.0
    assert grid.weight[grid.slab == 0] == pytest.approx(grid.weight[0])


def test_upstream_material_comes_before_the_front_face() -> None:
    data = dict(load_detector("pbwo4").data)
    data["upstream"] = [{"slabs": [{"material": "G4_Al", "thickness": "89mm"}]}]
    detector = detector_from_data("behind-aluminium", data)
    grid = depth_grid(detector, effective_medium(detector), 1.0)
    upstream = grid.slab == 0
    assert grid.low_mm[0] == pytest.approx(-89)
    assert grid.high_mm[upstream][-1] == pytest.approx(0)
    assert grid.t_x0[~upstream][0] == pytest.approx(1.0, abs=0.15)
