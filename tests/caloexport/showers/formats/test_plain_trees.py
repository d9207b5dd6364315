"""Plain trees: whole showers (``tree-root``) and the cells that were hit (``cells-root``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import awkward
import numpy as np
import pytest
import uproot
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from caloexport.runtime.errors import InputFileError, UnsupportedError, UsageError
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, MeshLayer
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from caloexport.showers import convert_showers, open_showers, write_showers

PLAIN = ["tree-root", "cells-root"]
LAYERED = LayeredMesh((MeshLayer(0, (0.0, 1.0, 2.0), 3), MeshLayer(12, (0.0, 1.0, 2.0), 1)))


def tree(path: Path, name: str = "events", **branches: Any) -> Path:
    with uproot.recreate(path) as file:
        file.mktree(name, {"incident_energy": np.array([1e3, 2e3]), **branches})
    return path


@pytest.mark.parametrize("name", PLAIN)
def test_any_mesh_and_all_conditions_come_back(tmp_path: Path, name: str) -> None:
    cells = np.arange(40, dtype=np.float32).reshape(5, 8)
    conditions = {
        "energy_mev": np.array([0.1, 1.0, 2.0, 3.0, 4.0]),
        "theta_rad": np.linspace(1, 1.5, 5),
        "phi_rad": np.linspace(-3, 3, 5),
        "pdg": np.array([11, -11, 22, 11, 22]),
        "geometry": np.array(["siw", "pbwo4", "siw", "siw", "scipb"]),
        "pconfig": np.array([3, 0, 1, 2, 3]),
        "ripos_eta": np.linspace(-0.1, 0.1, 5),
        "side.of": np.array(["a", "c", "a", "c", "a"]),
    }
    path, about = tmp_path / "a.root", {"generator": "é", "energy_scale": 2.0}
    write_showers(path, name, LAYERED, conditions, [cells[:2], cells[2:]], about)
    with open_showers(path) as found:
        assert (found.format, found.mesh, found.stored_dtype) == (name, LAYERED, "float32")
        assert found.read().tobytes() == cells.tobytes()
        assert set(found.conditions) == set(conditions)
        for key, values in conditions.items():
            assert np.array_equal(found.conditions[key], values)
        assert about.items() <= found.attributes.items()
        convert_showers(found, tmp_path / "b.hdf5", "calochallenge")
    with open_showers(tmp_path / "b.hdf5") as found:
        assert found.read().tobytes() == cells.tobytes()
        for key, values in conditions.items():
            assert np.array_equal(found.conditions[key], values)


energies = st.one_of(st.just(0.0), st.floats(2.0**-126, 2.0**20, width=32))


@pytest.mark.parametrize("name", PLAIN)
@settings(max_examples=15, deadline=None)
@given(cells=arrays(np.float32, (3, 8), elements=energies))
def test_every_bit_comes_back(
    tmp_path_factory: pytest.TempPathFactory, name: str, cells: np.ndarray
) -> None:
    path = tmp_path_factory.mktemp("bits") / "a.root"
    write_showers(path, name, LAYERED, {"energy_mev": np.ones(3)}, [cells])
    with open_showers(path) as found:
        assert found.read().tobytes() == cells.tobytes()


def test_the_branches_are_what_others_expect(tmp_path: Path) -> None:
    mesh = CylinderMesh(1, 2, 2, 1.0, 1.0)
    cells = np.array([[[[0, 5], [0, 0]]], [[[1, 0], [0, 2]]]], dtype=np.float32)
    for name in PLAIN:
        energy = {"energy_mev": np.array([1e3, 2e3])}
        write_showers(tmp_path / f"{name}.root", name, mesh, energy, [cells])
    with uproot.open(tmp_path / "tree-root.root") as file:
        assert file["showers"].typenames() == {"incident_energy": "double", "showers": "float[4]"}
        # CaloChallenge's order: layer, azimuth, radius
        assert file["showers"]["showers"].array(library="np").tolist() == [
            [0, 0, 5, 0],
            [1, 0, 0, 2],
        ]
    with uproot.open(tmp_path / "cells-root.root") as file:
        hits = file["showers"].arrays(library="np")
        assert [one.tolist() for one in hits["cell_index"]] == [[2], [0, 3]]
        assert [one.tolist() for one in hits["cell_energy"]] == [[5], [1, 2]]
        assert hits["n_cells"].tolist() == [1, 2]


def test_showers_of_three_dimensions(tmp_path: Path) -> None:
    cells = np.arange(48.0).reshape(2, 2, 3, 4)
    path = tree(tmp_path / "a.root", showers=cells)
    with open_showers(path) as found:
        assert found.mesh == CylinderMesh(2, 3, 4)
        assert (found.format, found.stored_dtype) == ("tree-root", "float64")
        assert np.array_equal(found.read(), cells)
    with open_showers(path, mesh=CylinderMesh(2, 3, 4, 1.0, 2.0)) as found:
        assert found.mesh.to_json()["dz_mm"] == 2.0
    with pytest.raises(InputFileError, match="has showers of 2x3x4 cells, the given mesh 3x2x4"):
        open_showers(path, mesh=CylinderMesh(3, 2, 4))


@pytest.mark.parametrize("ragged", [False, True])
def test_flat_showers_of_a_published_binning(tmp_path: Path, ragged: bool) -> None:
    cells = np.arange(2 * 368, dtype=np.float32).reshape(2, 368)
    path = tree(tmp_path / "a.root", showers=awkward.Array(cells.tolist()) if ragged else cells)
    with open_showers(path) as found:
        assert found.mesh.shape == (368,)
        assert np.array_equal(found.read(), cells)
        assert np.array_equal(found.read(slice(1, 2)), cells[1:])


def test_cells_of_a_mesh_that_the_caller_names(tmp_path: Path) -> None:
    index, energy = awkward.Array([[1], []]), awkward.Array([[3.0], []])
    path = tree(tmp_path / "a.root", cell_index=index, cell_energy=energy)
    with pytest.raises(InputFileError, match="does not tell which cells its numbers mean"):
        open_showers(path)
    with open_showers(path, mesh=CylinderMesh(2, 1, 3)) as found:  # layer by layer
        assert found.mesh.shape == (3, 1, 2)
        assert found.read()[0, 0, 0, 1] == 3
    with open_showers(path, mesh=CylinderMesh(2, 1, 3), order=("r", "phi", "z")) as found:
        assert found.read()[0, 0, 0, 1] == 3
        assert found.mesh.shape == (2, 1, 3)
    with pytest.raises(InputFileError, match="takes no binning"):
        open_showers(path, "calochallenge2")


@pytest.mark.parametrize(
    ("branches", "message"),
    [
        ({"showers": awkward.Array([[1.0, 2.0], [1.0]])}, "has 2 voxels per shower"),
        ({"showers": awkward.Array([[0.0] * 368, [1.0]])}, "shower 1 has other cells than shower"),
        ({"showers": awkward.Array([[0.0] * 368, [1.0] * 369])}, "entry 1 has 369 values"),
        ({"showers": np.ones(2)}, "expected 2 to"),
        ({"showers": np.ones((2, 368)), "pdg": np.ones((2, 3))}, r"pdg': has entries of the shape"),
        ({"showers": np.ones((2, 368)), "incident_theta": np.full(2, 90.0)}, "expected radians"),
        (
            {"cell_index": [[60], []], "cell_energy": [[1.0], []]},
            "shower 0 has a cell 60, the mesh",
        ),
        ({"cell_index": [[0], [-1]], "cell_energy": [[1.0], [1.0]]}, "shower 1 has a cell -1"),
        (
            {"cell_index": [[1, 2], [3]], "cell_energy": [[1.0], [1.0, 2.0]]},
            "other numbers of cells",
        ),
    ],
)
def test_what_makes_no_sense_is_named(
    tmp_path: Path, branches: dict[str, Any], message: str
) -> None:
    given = {key: awkward.Array(v) if isinstance(v, list) else v for key, v in branches.items()}
    path = tree(tmp_path / "a.root", **given)
    mesh = CylinderMesh(3, 4, 5) if "cell_index" in branches else None
    with pytest.raises(InputFileError, match=message), open_showers(path, mesh=mesh) as found:
        found.read()


def test_several_trees_of_showers(tmp_path: Path) -> None:
    path = tree(tmp_path / "a.root", showers=np.ones((2, 368)))
    with uproot.update(path) as file:
        file.mktree("more", {"incident_energy": np.ones(2), "showers": np.ones((2, 368))})
    with pytest.raises(InputFileError, match="holds several trees of showers: 'events', 'more'"):
        open_showers(path)


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("blocks", [[2], [2, 2], []])
def test_the_number_of_showers_must_be_right(tmp_path: Path, name: str, blocks: list[int]) -> None:
    cells = [np.ones((n, 8), np.float32) for n in blocks]
    with pytest.raises(UsageError, match=f"hold {sum(blocks)} showers, the conditions 3"):
        write_showers(tmp_path / "a.root", name, LAYERED, {"energy_mev": np.ones(3)}, cells)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "'caloexport' is not JSON"),
        ("[" * 100_000, "'caloexport' is not JSON"),
        ("[1]", "'caloexport' is no JSON object"),
        ('{"mesh": "{}"}', "field 'kind' is missing"),
        ('{"conditions": "x"}', "names the condition 'x', for which it has no branch"),
        ('{"conditions": "showers"}', "names the condition 'showers', for which it has no branch"),
        ('{"categories": "7"}', "attribute 'categories' is no JSON object of lists"),
        ('{"categories": "{\\"geometry\\": 7}"}', "attribute 'categories' is no JSON object"),
        (
            '{"conditions": "geometry", "categories": "{\\"geometry\\": [\\"a\\"]}"}',
            "branch 'geometry' numbers 1 names, and some numbers have none",
        ),
    ],
)
def test_text_that_makes_no_sense(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "a.root"
    geometry = np.array([0, 1], dtype=np.int32)
    tree(path, showers=np.ones((2, 368), np.float32), geometry=geometry)
    with uproot.update(path) as file:
        file["caloexport"] = text
    with pytest.raises(InputFileError, match=message):
        open_showers(path)


@pytest.mark.parametrize("name", [*PLAIN, "par04-root"])
@pytest.mark.parametrize("condition", ["showers", "incident_theta", "a b", "", "é"])
def test_conditions_that_cannot_be_stored(tmp_path: Path, name: str, condition: str) -> None:
    conditions = {"energy_mev": np.ones(1), condition: np.ones(1)}
    cells = np.ones((1, 1, 1, 2), np.float32)
    with pytest.raises(UnsupportedError, match="cannot be stored in a shower file"):
        write_showers(tmp_path / "a.root", name, CylinderMesh(1, 1, 2), conditions, [cells])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", PLAIN)
def test_windows_of_cells_keep_their_order(tmp_path: Path, name: str) -> None:
    cells = np.arange(532, dtype=np.float32).reshape(2, 266)
    write_showers(tmp_path / "a.root", name, ATLAS_WINDOW, {"energy_mev": np.ones(2)}, [cells])
    with open_showers(tmp_path / "a.root") as found:
        assert found.mesh == ATLAS_WINDOW
        assert found.read().tobytes() == cells.tobytes()
