from __future__ import annotations

from pathlib import Path

import pytest

import caloexport.training.scoring.criteria as module
from caloexport.runtime.errors import InputFileError, UnknownName
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from caloexport.training.scoring.criteria import criteria_for, read_criteria
from caloexport.validation.observables import observables

FILES = sorted(Path(module.__file__).parent.glob("*.toml"))
ONE = '[[criterion]]\nobservable = "response"\nstatistic = "mean"\ntolerance = 0.01\n'


def test_there_is_a_file_for_every_kind_of_mesh() -> None:
    assert [path.stem for path in FILES] == ["cylinder", "layered", "window"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_total_energy_comes_first_and_weighs_most(path: Path) -> None:
    found = read_criteria(path)
    first, second = found.criteria[:2]
    assert (first.observable, first.statistic, first.tolerance) == ("response", "mean", 0.01)
    assert (second.observable, second.statistic, second.tolerance) == ("response", "width", 0.1)
    assert min(first.weight, second.weight) >= max(one.weight for one in found.criteria)
    assert len(set(found.criteria)) == len(found.criteria)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_profiles_are_compared_as_profiles(path: Path) -> None:
    for one in read_criteria(path).criteria:
        is_profile = observables[one.observable].kind == "profile"
        assert is_profile == (one.statistic == "profile"), one
        assert observables[one.observable].kind != "cells", one


def test_what_showers_do_not_tell_is_left_out() -> None:
    told = ["energy_mev", "econfig", "pconfig", "ripos_eta", "ripos_phi"]
    everything = criteria_for(ATLAS_WINDOW, told).observables
    little = criteria_for(ATLAS_WINDOW, ["energy_mev"]).observables
    assert {"eta_offset", "e_ratio"} <= set(everything) - set(little)
    assert {"response", "depth"} <= set(little)


def test_a_cylinder_has_its_own() -> None:
    assert "lateral_profile" in criteria_for(CylinderMesh(2, 3, 4), ["energy_mev"]).observables


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ONE.replace("response", "respons"), "respons"),
        (ONE.replace("mean", "median"), "median"),
        (ONE.replace("0.01", "0.0"), "tolerance"),
        (ONE + "wait = 1.0\n", "wait"),
    ],
)
def test_a_wrong_criterion_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "window.toml"
    path.write_text(f"cap = 10.0\n{text}")
    with pytest.raises((InputFileError, UnknownName), match=message):
        read_criteria(path)
