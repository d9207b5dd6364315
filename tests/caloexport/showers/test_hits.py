"""Files of hits."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.runtime.readout import Readout, ReadoutLayer
from caloexport.runtime.sharing import Sharing
from caloexport.showers import open_showers, sample, write_showers
from caloexport.showers.hits import hits_beside, read_hits, write_hits
from caloexport.showers.showers import Showers, from_arrays

MESH = CylinderMesh(4, 6, 5, 2.0, 3.0)
N = 7
ENTRIES = np.linspace(-3, 3, 2 * N).reshape(N, 2)


@pytest.fixture(scope="module")
def readout() -> Readout:
    layers = (((0.0, 6.0), 5.0), ((6.0, 15.0), 8.0))
    return Readout(
        "two", "Two layers", "test",
        tuple(ReadoutLayer(d, (c, c), (0.5, 0.0), (0.0, 0.0), 9, 9) for d, c in layers),
    )  # fmt: skip


@pytest.fixture(scope="module")
def showers() -> Showers:
    energies = np.random.default_rng(0).exponential(3, (N, *MESH.shape)).astype(np.float32)
    conditions = {"energy_mev": np.full(N, 500.0), "theta_rad": np.linspace(1.0, 1.6, N)}
    return from_arrays(energies, MESH, conditions)


def test_a_file_holds_the_hits_of_every_shower(
    tmp_path: Path, readout: Readout, showers: Showers
) -> None:
    path = tmp_path / "hits.h5"
    means = write_hits(path, showers, readout, ENTRIES)
    found = read_hits(path)
    expected = Sharing(readout, MESH).share(
        showers.read(), showers.conditions["theta_rad"], ENTRIES
    )
    for ours, theirs in zip(found.hits, expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert found.readout == readout
    np.testing.assert_array_equal(found.entry_mm, ENTRIES)
    np.testing.assert_array_equal(found.conditions["theta_rad"], showers.conditions["theta_rad"])
    parts = means["hits_mev"] + means["dead_mev"] + means["outside_mev"]
    assert parts == pytest.approx(means["deposited_mev"], rel=1e-6)
    assert means["hits"] == len(expected.cells) / N


def test_a_hit_tells_where_it_is(tmp_path: Path, readout: Readout, showers: Showers) -> None:
    path = tmp_path / "hits.h5"
    write_hits(path, showers, readout, ENTRIES)
    with h5py.File(path) as file:
        cells = file["hits_cell"][:]
        centres = readout.centres(cells)
        for axis in "xyz":
            np.testing.assert_allclose(file[f"hits_{axis}_mm"][:], centres[f"{axis}_mm"], rtol=1e-6)
        np.testing.assert_array_equal(file["hits_layer"][:], readout.indices(cells)["layer"])


def test_blocks_of_showers_follow_each_other(
    tmp_path: Path, readout: Readout, showers: Showers, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_hits(tmp_path / "whole.h5", showers, readout, ENTRIES)
    monkeypatch.setattr("caloexport.showers.showers.BLOCK_BYTES", 4 * 120 * 3)
    done: list[int] = []
    write_hits(tmp_path / "parts.h5", showers, readout, ENTRIES, report=done.append)
    assert done == [3, 6, 7]
    whole, parts = (read_hits(tmp_path / f"{name}.h5").hits for name in ("whole", "parts"))
    for one, other in zip(whole, parts, strict=True):
        np.testing.assert_array_equal(one, other)


def test_hits_stand_beside_the_showers_they_are_of(tmp_path: Path, readout: Readout) -> None:
    path = tmp_path / "siw.h5"
    with open_showers(sample("siw")) as whole:
        chosen = {key: values[:5] for key, values in whole.conditions.items()}
        write_showers(path, "par04", whole.mesh, chosen, [whole.read(slice(0, 5))])
    hits_path, means = hits_beside(path, readout)
    assert hits_path == tmp_path / "siw-hits.h5"
    found = read_hits(hits_path)
    assert len(found.hits.offsets) == 6
    assert not found.entry_mm.any()
    assert 0 < means["hits_mev"] < means["deposited_mev"]


def test_showers_without_an_angle_are_refused(tmp_path: Path, readout: Readout) -> None:
    energies = np.ones((1, *MESH.shape), np.float32)
    showers = from_arrays(energies, MESH, {"energy_mev": np.ones(1)})
    with pytest.raises(UnsupportedError, match="no polar angle"):
        write_hits(tmp_path / "hits.h5", showers, readout, ENTRIES[:1])
    assert not list(tmp_path.iterdir())


def test_a_damaged_file_is_named(tmp_path: Path, readout: Readout, showers: Showers) -> None:
    path = tmp_path / "hits.h5"
    write_hits(path, showers, readout, ENTRIES)
    with h5py.File(path, "r+") as file:
        file["hits_cell"][0] = readout.n_cells
    with pytest.raises(InputFileError, match=r"hits\.h5: 'hits_cell' holds numbers beyond the 162"):
        read_hits(path)
    with h5py.File(path, "r+") as file:
        file["hits_offset"][-1] += 1
    with pytest.raises(InputFileError, match="'hits_offset' does not fit"):
        read_hits(path)
    with h5py.File(path, "r+") as file:
        del file["hits_energy"]
    with pytest.raises(InputFileError, match="has no 'hits_energy'"):
        read_hits(path)
