from __future__ import annotations

import math
from pathlib import Path

import h5py
import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers.open import open_showers
from caloexport.showers.write import convert_showers, write_showers
from caloexport.training.data import conditions_of, encoding_of, load
from caloexport.training.families import preset_path
from caloexport.training.settings import Conditions, read_section, read_toml
from tests.caloexport.training import tiny, voxel_toy, window_toy


def preset_conditions(name: str) -> Conditions:
    return read_section(Conditions, read_toml(preset_path("fastv", name))["conditions"], name)


def test_fractions_come_back_as_the_file_holds_them(tmp_path: Path) -> None:
    path = tiny.write(tmp_path / "siw.h5")
    data = load([path], held_back=0.1)
    with h5py.File(path) as file:
        expected = file["showers"][:] / file["incident_energy"][:][:, None, None, None]
    dense = data.showers.dense(np.arange(len(data.showers)))
    np.testing.assert_allclose(dense, expected.reshape(len(dense), -1), rtol=1e-6)
    mean = data.showers.mean(np.arange(len(data.showers)))
    np.testing.assert_allclose(mean, dense.mean(axis=0), rtol=1e-5)


def test_the_fraction_held_back_is_spread_over_each_file(tmp_path: Path) -> None:
    data = tiny.data(tmp_path, "siw", "scipb")
    np.testing.assert_array_equal(data.scoring, np.arange(4, 80, 5))


def test_the_angle_condition_is_the_angle_and_not_the_energy(tmp_path: Path) -> None:
    # The public code fills the angle's column with E/1024 as well.
    files = [tiny.write(tmp_path / "a.h5"), tiny.write(tmp_path / "b.h5", theta_deg=60.0)]
    data = load(files, held_back=0.2)
    encoded = data.encode(encoding_of(data, tiny.CONDITIONS))
    np.testing.assert_allclose(encoded[:, 0], data.energy_mev / 1_024_000, rtol=1e-6)
    np.testing.assert_allclose(encoded[:40, 1], 1.0, rtol=1e-6)
    np.testing.assert_allclose(encoded[40:, 1], 60 / 90, rtol=1e-6)


def test_files_whose_cells_are_stored_in_another_order_do_not_mix(tmp_path: Path) -> None:
    first, second = voxel_toy.write(tmp_path, (4096.0, 32768.0), n=8)
    other = tmp_path / "other.h5"
    with open_showers(second) as source:
        convert_showers(source, other, "calochallenge", order=("z", "r", "phi"))
    with pytest.raises(InputFileError, match="in the order z-r-phi, the files before in z-phi-r"):
        load([first, other], held_back=0.2)
    assert len(load([first, second], held_back=0.2).showers) == 16


@pytest.mark.parametrize(
    ("preset", "geometry", "code"),
    [
        ("par04", "siw", [0, 1]),
        ("par04", "scipb", [1, 0]),
        ("legacy-par04", "siw", [0, 1]),
        ("metahep", "siw", [0, 0, 1]),
        ("metahep", "scipb", [0, 1, 0]),
        ("metahep", "pbwo4", [1, 0, 0]),
    ],
)
def test_geometry_codes_are_those_of_the_training(
    tmp_path: Path, preset: str, geometry: str, code: list[int]
) -> None:
    # A comment in Par04's C++ has PBWO4=[0,1], SiW=[1,0]; its training has not.
    data = tiny.data(tmp_path, geometry)
    encoded = data.encode(encoding_of(data, preset_conditions(preset)))
    np.testing.assert_array_equal(encoded[:, 2:], np.tile(code, (40, 1)))


def test_condition_ranges_are_those_of_the_data(tmp_path: Path) -> None:
    data = tiny.data(tmp_path, "scipb", "siw")
    energy, theta, geometry = conditions_of(data, tiny.CONDITIONS)
    assert (energy.low, energy.high) == (data.energy_mev.min(), data.energy_mev.max())
    assert theta.low == theta.high == pytest.approx(math.pi / 2)
    assert geometry.categories == ("scipb", "siw")  # the code has three columns; two were trained


def test_a_detector_without_a_column_is_refused(tmp_path: Path) -> None:
    data = tiny.data(tmp_path, "pbwo4")
    with pytest.raises(UsageError, match="hold the detectors pbwo4; the preset knows scipb, siw"):
        encoding_of(data, preset_conditions("par04"))


def test_several_detectors_need_columns(tmp_path: Path) -> None:
    data = tiny.data(tmp_path, "pbwo4", "siw")
    with pytest.raises(UsageError, match="one detector only"):
        encoding_of(data, preset_conditions("small-24"))


def test_cell_sizes_that_differ_are_not_told(tmp_path: Path) -> None:
    other = CylinderMesh(3, 4, 5, 4.0, 3.0)
    files = [tiny.write(tmp_path / "a.h5"), tiny.write(tmp_path / "b.h5", "scipb", mesh=other)]
    data = load(files, held_back=0.2)
    assert data.mesh == CylinderMesh(3, 4, 5)
    assert [file["dr_mm"] for file in data.files] == [2.0, 4.0]


def test_files_of_two_meshes_are_refused(tmp_path: Path) -> None:
    other = tiny.write(tmp_path / "b.h5", mesh=CylinderMesh(3, 4, 6, 2.0, 3.0))
    with pytest.raises(InputFileError, match=r"b.h5: holds showers of \(3, 4, 6\) cells"):
        load([tiny.write(tmp_path / "a.h5"), other], held_back=0.2)


def test_a_cell_above_the_incident_energy_is_refused(tmp_path: Path) -> None:
    path = tiny.write(tmp_path / "a.h5")
    with h5py.File(path, "r+") as file:
        file["showers"][3, 0, 0, 0] = 1e6
    with pytest.raises(InputFileError, match="of the incident energy, expected 0 to 1"):
        load([path], held_back=0.2)


def test_energies_of_another_unit_are_refused(tmp_path: Path) -> None:
    path = tiny.write(tmp_path / "siw.h5")
    with h5py.File(path, "r+") as file:
        spread = np.full(file["showers"].shape, 0.9, "f4")  # many cells, each below E_inc
        file["showers"][...] = spread * file["incident_energy"][:][:, None, None, None]
    with pytest.raises(InputFileError, match=r"incident energy on average .*in MeV"):
        load([path], held_back=0.1)


def test_showers_without_energy_are_refused(tmp_path: Path) -> None:
    path = tiny.write(tmp_path / "siw.h5")
    with h5py.File(path, "r+") as file:
        file["showers"][...] = 0
    with pytest.raises(InputFileError, match="hold 0 of their incident energy"):
        load([path], held_back=0.1)


def test_a_file_named_twice_is_refused(tmp_path: Path) -> None:
    path = tiny.write(tmp_path / "siw.h5")
    with pytest.raises(InputFileError, match="would count twice"):
        load([path, path], held_back=0.1)


def test_showers_of_many_times_their_energy_are_left_out(tmp_path: Path) -> None:
    cells = np.full((10, 60), 0.015 * 4000, dtype=np.float32)  # 0.9 of 4 GeV
    cells[3] *= 7
    cells[4] *= 5
    cells[9] *= 7  # held back all the same
    path = tmp_path / "a.h5"
    conditions = {"energy_mev": np.full(10, 4000.0)}
    write_showers(path, "calochallenge", tiny.MESH, conditions, [cells.reshape(10, 3, 4, 5)], {})
    assert load([path], 0.1).training.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8]
    found = load([path], 0.1, largest_response=6.0)
    assert found.training.tolist() == [0, 1, 2, 4, 5, 6, 7, 8]
    assert found.scoring.tolist() == [9]
    np.testing.assert_allclose(found.showers.sums()[3:5], [6.3, 4.5], rtol=1e-6)


def change(path: Path, name: str, place: object, value: float) -> Path:
    """Change numbers of a file in place."""
    with h5py.File(path, "r+") as file:
        file[name][place] = value
    return path


def test_cells_below_zero_are_refused_or_counted_as_empty(tmp_path: Path) -> None:
    path = change(tiny.write(tmp_path / "siw.h5"), "showers", (3, 1, 2, 0), -0.5)
    with pytest.raises(InputFileError) as raised:
        load([path], held_back=0.2)
    text = str(raised.value)
    assert f"{path}: shower 3 has the energy -0.5 MeV in cell" in text
    assert 'negatives = "zero" in [training]' in text
    data = load([path], held_back=0.2, negatives="zero")
    assert data.files[0]["negative_cells_zeroed"] == 1
    cells = data.showers.dense(np.array([3])).reshape(tiny.MESH.shape)
    assert cells[1, 2, 0] == 0 and cells.min() == 0 and cells.max() > 0
    whole = load([tiny.write(tmp_path / "whole.h5", n=41)], held_back=0.2, negatives="zero")
    assert "negative_cells_zeroed" not in whole.files[0]


@pytest.mark.parametrize("negatives", ["refuse", "zero"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_cells_that_are_not_finite_are_refused(
    tmp_path: Path, value: float, negatives: str
) -> None:
    path = change(tiny.write(tmp_path / "siw.h5"), "showers", (7, 0, 0, 1), value)
    with pytest.raises(InputFileError, match=r"shower 7 has the energy .*expected a finite number"):
        load([path], held_back=0.2, negatives=negatives)


@pytest.mark.parametrize(
    ("name", "value", "match"),
    [
        ("incident_energy", np.nan, "is nan, expected a finite number"),
        ("incident_energy", 0.0, "is 0 MeV, expected > 0"),
        ("incident_energy", -1e3, "is -1000 MeV, expected > 0"),
        ("incident_theta", np.inf, "is inf, expected a finite number"),
    ],
)
def test_conditions_that_are_no_physics_are_refused(
    tmp_path: Path, name: str, value: float, match: str
) -> None:
    path = change(tiny.write(tmp_path / "siw.h5"), name, 5, value)
    with pytest.raises(InputFileError, match=f"siw.h5: '{name}' of shower 5 {match}"):
        load([path], held_back=0.2)


def test_a_shower_without_energy_among_others_is_a_shower(tmp_path: Path) -> None:
    path = change(tiny.write(tmp_path / "siw.h5"), "showers", 3, 0.0)
    data = load([path], held_back=0.2)
    assert len(data.showers) == 40
    assert data.showers.dense(np.array([3])).sum() == 0


def test_too_few_showers_to_hold_any_back_are_refused(tmp_path: Path) -> None:
    path = tiny.write(tmp_path / "siw.h5", n=8)
    with pytest.raises(UsageError, match=r"held_back = 0.1 sets none of the 8 showers apart"):
        load([path], held_back=0.1)
    assert len(load([path], held_back=0.1, fewest=2).scoring) == 2


def test_at_most_names_an_energy_of_the_showers(tmp_path: Path) -> None:
    files = window_toy.write(tmp_path, energies_mev=(1024.0, 2048.0), n=20)
    data = load(files, held_back=0.25, at_most={"2048": 3})
    energies, counts = np.unique(data.energy_mev[data.training], return_counts=True)
    assert dict(zip(energies.tolist(), counts.tolist(), strict=True)) == {1024.0: 15, 2048.0: 3}
    assert len(data.scoring) == 10
    with pytest.raises(UsageError, match=r"at_most names 4096 MeV, the showers have 1024, 2048"):
        load(files, held_back=0.25, at_most={"4096": 3})
