"""Write, read, convert: every energy comes back bit for bit, in the cell where it belongs."""

from __future__ import annotations

import math
from pathlib import Path

import h5py
import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, MeshLayer
from caloexport.showers import Showers, convert_showers, from_arrays, open_showers, write_showers
from caloexport.showers.formats import formats
from caloexport.showers.order import reorder

MESH = CylinderMesh(3, 4, 5, 2.0, 7.0)
ENERGY_MEV = np.array([2000.0, 1000.0, 2000.0, 64_000.0])


def asymmetric(n: int = 4) -> np.ndarray:
    shower, r, phi, z = np.indices((n, 3, 4, 5))
    return np.asarray(1000 * shower + 100 * r + 10 * phi + z, dtype=np.float32)


@pytest.fixture
def showers() -> Showers:
    conditions = {
        "energy_mev": ENERGY_MEV,
        "theta_rad": np.full(4, math.radians(70)),
        "geometry": np.full(4, "siw"),
    }
    return from_arrays(asymmetric(), MESH, conditions)


def path_of(folder: Path, name: str) -> Path:
    return folder / "SiW_angle_70.h5" if name == "par04-zenodo" else folder / f"{name}.h5"


@pytest.mark.parametrize("name", formats.names())
def test_every_format_gives_back_what_it_got(showers: Showers, tmp_path: Path, name: str) -> None:
    path = path_of(tmp_path, name)
    convert_showers(showers, path, name)
    with open_showers(path) as found:
        # the layout of Zenodo sorts by energy, keeping the order within one
        order = np.argsort(ENERGY_MEV, kind="stable") if name == "par04-zenodo" else slice(None)
        assert found.format == name
        assert isinstance(found.mesh, CylinderMesh)
        assert found.mesh.in_order(MESH.order) == MESH
        cells = reorder(found.read(), found.mesh, MESH.order)
        assert np.array_equal(cells, asymmetric()[order])
        assert found.conditions["energy_mev"].tolist() == ENERGY_MEV[order].tolist()
        assert found.conditions["geometry"].tolist() == ["siw"] * 4
        assert found.conditions["theta_rad"] == pytest.approx(math.radians(70), rel=1e-7)


def test_energies_stand_where_each_format_puts_them(showers: Showers, tmp_path: Path) -> None:
    """Cell r=2, phi=1, z=3 of shower 1, by hand."""
    for name in formats:
        convert_showers(showers, path_of(tmp_path, name), name)
    with h5py.File(path_of(tmp_path, "calochallenge")) as file:
        assert file["incident_energies"].shape == (4, 1)
        assert file["showers"].shape == (4, 60)
        assert file["showers"][1, 3 * 12 + 1 * 3 + 2] == 1213
        assert file["showers"].compression == "gzip"
    with h5py.File(path_of(tmp_path, "par04")) as file:
        assert file["incident_energy"].shape == (4,)
        assert file["showers"][1, 2, 1, 3] == 1213
        assert file.attrs["r_cell_mm"] == 2.0
    with h5py.File(path_of(tmp_path, "par04-zenodo")) as file:
        assert sorted(file) == ["1", "2", "64"]
        assert file["2"].shape == (2, 3, 4, 5)
        assert file["1"][0, 2, 1, 3] == 1213
        assert file["2"][1, 2, 1, 3] == 2213


@pytest.mark.parametrize("through", ["calochallenge", "par04-zenodo"])
def test_converting_there_and_back_changes_no_bit(
    showers: Showers, tmp_path: Path, through: str
) -> None:
    first, middle, last = (tmp_path / name for name in ("a.h5", "SiW_angle_70.h5", "c.h5"))
    order = np.argsort(ENERGY_MEV, kind="stable")
    ordered = {key: values[order] for key, values in showers.conditions.items()}
    write_showers(first, "par04", MESH, ordered, [asymmetric()[order]], {"sensitive": "all"})
    for source, target, name in ((first, middle, through), (middle, last, "par04")):
        with open_showers(source) as one:
            convert_showers(one, target, name)
    with open_showers(first) as one, open_showers(last) as other:
        assert one.read().tobytes() == other.read().tobytes()
        assert one.mesh == other.mesh
        assert other.attributes["sensitive"] == "all"


def test_challenge_showers_keep_layers_of_different_cells(tmp_path: Path) -> None:
    layers = (MeshLayer(0, (0.0, 1.0, 2.0), 3), MeshLayer(12, (0.0, 1.0, 2.0, 3.0), 1))
    mesh = LayeredMesh(layers)
    cells = np.array([[0, 1, 10, 11, 20, 21, 100, 101, 102]], dtype=np.float32)
    source = from_arrays(cells, mesh, {"energy_mev": np.array([512.0])})
    convert_showers(source, tmp_path / "a.hdf5", "calochallenge")
    convert_showers(source, tmp_path / "b.hdf5", "calochallenge", order=("z", "r", "phi"))
    with open_showers(tmp_path / "a.hdf5") as found:
        assert found.mesh == mesh
        assert found.read().tolist() == cells.tolist()
    with open_showers(tmp_path / "b.hdf5") as found:  # FastCaloSim's order, and the file says so
        assert found.mesh == mesh.in_order(("z", "r", "phi"))
        assert found.read().tolist() == [[0, 10, 20, 1, 11, 21, 100, 101, 102]]
        convert_showers(found, tmp_path / "c.hdf5", "calochallenge", order=("z", "phi", "r"))
    with open_showers(tmp_path / "c.hdf5") as found:
        assert found.read().tolist() == cells.tolist()
    for name in ("par04", "par04-zenodo"):
        with pytest.raises(UnsupportedError, match=r"regular .r, phi, z. cylinder"):
            convert_showers(source, tmp_path / "d.h5", name)
    assert not (tmp_path / "d.h5").exists()


def challenge_file(folder: Path, voxels: int, **attributes: object) -> Path:
    path = folder / "challenge.hdf5"
    with h5py.File(path, "w") as file:
        file["incident_energies"] = np.full((2, 1), 1000.0)
        file["showers"] = np.arange(2.0 * voxels).reshape(2, voxels)
        file.attrs.update(attributes)
    return path


def test_a_published_set_needs_no_binning(tmp_path: Path) -> None:
    with open_showers(challenge_file(tmp_path, 6480)) as found:
        assert found.mesh.shape == (45, 16, 9)
        assert found.stored_dtype == "float64"
        assert found.read()[1, 44, 15, 8] == 2 * 6480 - 1
        assert set(found.conditions) == {"energy_mev"}
    with open_showers(challenge_file(tmp_path, 368)) as found:
        assert found.mesh.shape == (368,)


def test_the_stored_order_can_be_named(tmp_path: Path) -> None:
    path = challenge_file(tmp_path, 6480)
    with open_showers(path, order=("z", "r", "phi")) as found:
        assert found.mesh.shape == (45, 9, 16)
    with pytest.raises(InputFileError, match="stored layer by layer"):
        open_showers(path, order=("r", "phi", "z"))
    with pytest.raises(InputFileError, match="has 6480 voxels per shower, but the bin") as refused:
        open_showers(path, "calochallenge3")
    assert refused.value.hint == "--binning calochallenge2 has so many"


def test_showers_that_are_no_rows_are_told_to_be_stored_so(tmp_path: Path) -> None:
    path = challenge_file(tmp_path, 6480)
    with h5py.File(path, "a") as file:
        cells = file["showers"][:].reshape(-1, 45, 16, 9)
        del file["showers"]
        file["showers"] = cells
    with pytest.raises(InputFileError, match="expected 2 dimensions") as refused:
        open_showers(path)
    assert refused.value.hint == "store each as one row: layer, azimuth, radius (fastest)"


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({}, "has 60 voxels per shower, but the binning has: photon 368"),
        ({"mesh": "{"}, "attribute 'mesh' is not JSON"),
        ({"mesh": "[" * 5000}, "attribute 'mesh' is not JSON"),
        ({"mesh": "[]"}, "attribute 'mesh'"),
        ({"mesh": '{"kind": "cube", "phi_origin_rad": 0}'}, "cube"),
        (
            {
                "mesh": '{"kind": "cylinder", "n_r": 3, "n_phi": 4, "n_z": 6, "phi_origin_rad": 0,'
                '"order": ["z", "phi", "r"]}'
            },
            "has 60 voxels per shower, its own mesh 72",
        ),
    ],
)
def test_wrong_meshes_of_flat_showers(
    tmp_path: Path, attributes: dict[str, object], message: str
) -> None:
    with pytest.raises(InputFileError, match=message):
        open_showers(challenge_file(tmp_path, 60, **attributes))


def zenodo_file(folder: Path, name: str, **datasets: object) -> Path:
    path = folder / name
    with h5py.File(path, "w") as file:
        for key, data in datasets.items():
            file[key] = data
    return path


def test_zenodo_takes_detector_and_angle_from_the_name(tmp_path: Path) -> None:
    cells = np.zeros((2, 18, 50, 45), dtype=np.float32)
    cells[1, 17, 0, 0] = 7.0
    with open_showers(zenodo_file(tmp_path, "SciPb_angle_50.h5", **{"16": cells})) as found:
        assert found.conditions["energy_mev"].tolist() == [16_000.0] * 2
        assert found.conditions["geometry"].tolist() == ["scipb"] * 2
        assert found.conditions["theta_rad"][0] == pytest.approx(math.radians(50))
        assert found.mesh == CylinderMesh(18, 50, 45, 4.0, 5.6)
        assert found.read()[1, 17, 0, 0] == 7.0
    with open_showers(zenodo_file(tmp_path, "unnamed.h5", **{"16": cells})) as found:
        assert set(found.conditions) == {"energy_mev"}


def test_zenodo_reads_across_datasets(tmp_path: Path) -> None:
    parts = {"4": asymmetric(3) + 4, "1024": asymmetric(2) + 1024, "1": asymmetric(1) + 1}
    with open_showers(zenodo_file(tmp_path, "a.h5", **parts)) as found:
        whole = np.concatenate([parts["1"], parts["4"], parts["1024"]])
        assert found.conditions["energy_mev"].tolist() == [1e3, 4e3, 4e3, 4e3, 1.024e6, 1.024e6]
        for start in range(6):
            for stop in range(start, 7):
                assert np.array_equal(found.read(slice(start, stop)), whole[start:stop])


@pytest.mark.parametrize(
    ("datasets", "message"),
    [
        ({"1": np.ones((1, 2, 3, 4)), "2": np.ones((1, 2, 3, 5))}, "'2' has cells"),
        ({"0": np.ones((1, 2, 3, 4))}, "'0' is no incident energy"),
        ({"1": np.ones((1, 2, 3, 4)), "x": np.ones(2)}, "no known shower format"),
        ({"1": np.ones((1, 2, 3))}, "no known shower format"),
        ({"²": np.ones((1, 2, 3, 4))}, "no known shower format"),
        ({"1": np.ones((0, 2, 3, 4))}, "holds zero showers"),
    ],
)
def test_wrong_zenodo_files(tmp_path: Path, datasets: dict[str, object], message: str) -> None:
    with pytest.raises(InputFileError, match=message):
        open_showers(zenodo_file(tmp_path, "a.h5", **datasets))


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("SiW_angle_70.h5", {"energy_mev": ENERGY_MEV + 1}, "shower 0 has 2.001 GeV; the layout"),
        ("SiW_angle_90.h5", {}, "does not say theta_rad = 1.2217"),
        ("SciPb_angle_70.h5", {}, "does not say geometry = siw"),
        ("out.h5", {}, "does not say geometry = siw"),
    ],
)
def test_what_zenodo_cannot_express(
    showers: Showers, tmp_path: Path, name: str, change: dict[str, np.ndarray], message: str
) -> None:
    other = from_arrays(asymmetric(), MESH, showers.conditions | change)
    with pytest.raises(UnsupportedError, match=message):
        convert_showers(other, tmp_path / name, "par04-zenodo")
    assert list(tmp_path.iterdir()) == []


def test_mixed_geometries_survive(tmp_path: Path) -> None:
    names = np.array(["siw", "pbwo4", "siw", "scipb"])
    given = {"energy_mev": ENERGY_MEV, "geometry": names, "pdg": np.array([11, 22, 11, -11])}
    source = from_arrays(asymmetric(), MESH, given)
    for name in ("par04", "calochallenge"):
        convert_showers(source, tmp_path / "a.h5", name)
        with open_showers(tmp_path / "a.h5") as found:
            assert found.conditions["geometry"].tolist() == names.tolist()
            assert found.conditions["pdg"].tolist() == [11, 22, 11, -11]
