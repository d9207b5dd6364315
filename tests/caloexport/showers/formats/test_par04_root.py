"""Par04's ntuples: as Geant4 itself writes them (``tests/golden/par04``), and as we do."""

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

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError, UnsupportedError, UsageError
from caloexport.runtime.mesh import CylinderMesh, LayeredMesh, MeshLayer
from caloexport.showers import convert_showers, from_arrays, open_showers, write_showers
from caloexport.showers.root.streamers import own_classes
from tests.house import TESTS

GOLDEN = TESTS / "golden" / "par04"
MESH = CylinderMesh(3, 4, 5, 2.325, 3.4)
#: what makes the mesh known, as (bins, lower edge, upper edge)
AXES = {
    "transProfile": (3, -1.1625, 5.8125),
    "phiProfile": (4, -5.5, 5.5),
    "longProfile": (5, -1.7, 15.3),
}


def golden() -> Array:
    """The cells that ``write.cc`` fills, in double precision."""
    i, r, phi, z = np.indices((3, *MESH.shape))
    hit = ((r + 2 * phi + 3 * z + i) % 3 == 0) & (i != 1)
    return np.where(hit, 1000 * i + 100 * r + 10 * phi + z + 0.1, 0.0)


@pytest.mark.parametrize("name", ["global", "events"])
def test_what_geant4_wrote(name: str) -> None:
    with open_showers(GOLDEN / f"{name}.root") as found:
        assert (found.format, found.stored_dtype) == ("par04-root", "float64")
        assert found.mesh == MESH
        assert found.conditions["energy_mev"].tolist() == [1000.511, 2000.511, 3000.511]
        assert set(found.conditions) == {"energy_mev"}
        assert np.array_equal(found.read(), golden().astype(np.float32))
        for start in range(4):
            for stop in range(start, 4):
                part = found.read(slice(start, stop))
                assert np.array_equal(part, golden()[start:stop].astype(np.float32))


def test_uproot_reads_the_same_of_what_geant4_wrote() -> None:
    """Baskets are decoded here, and not by uproot: both must find the same numbers."""
    with uproot.open(GOLDEN / "global.root", custom_classes=own_classes()) as file:
        cells = np.zeros((3, *MESH.shape))
        hits = file["virtualReadout"].arrays(library="np")
        for shower in range(3):
            place = tuple(hits[name][shower] for name in ("rhoCell", "phiCell", "zCell"))
            cells[shower][place] = hits["EnergyCell"][shower]
    assert np.array_equal(cells, golden())


def ntuples(path: Path, edit: dict[str, Any] | None = None, axes: Any = AXES) -> Path:
    """Write two events with one cell each as a program with uproot would, or with another value."""
    values: dict[str, Any] = {
        "EnergyMC": np.array([1e3, 2e3]),
        "EnergyCell": [[1.5], [2.5]],
        "rhoCell": [[0], [2]],
        "phiCell": [[0], [3]],
        "zCell": [[0], [4]],
    } | (edit or {})
    with uproot.recreate(path) as file:
        for name, (bins, low, high) in axes.items():
            file[name] = (np.zeros(bins), np.linspace(low, high, bins + 1))
        file.mktree("global", {"EnergyMC": values.pop("EnergyMC")})
        file.mktree("virtualReadout", {key: awkward.Array(one) for key, one in values.items()})
    return path


def test_the_mesh_stands_in_the_histograms(tmp_path: Path) -> None:
    with open_showers(ntuples(tmp_path / "a.root")) as found:
        assert found.mesh == MESH
        assert found.read()[1, 2, 3, 4] == 2.5
        assert found.read().sum() == 4


@pytest.mark.parametrize("missing", AXES)
def test_a_mesh_that_the_file_does_not_tell_is_named_by_the_caller(
    tmp_path: Path, missing: str
) -> None:
    """Geant4 11.0 has no histogram phiProfile."""
    axes = {name: axis for name, axis in AXES.items() if name != missing}
    path = ntuples(tmp_path / "a.root", axes=axes)
    with pytest.raises(InputFileError, match="does not tell its mesh") as caught:
        open_showers(path)
    assert "--mesh 18x50x45" in str(caught.value.hint)
    with open_showers(path, mesh=CylinderMesh(4, 6, 7, 1.0, 2.0)) as found:
        assert found.read()[1, 2, 3, 4] == 2.5


def test_phi_of_half_a_turn_is_the_first_cell_again(tmp_path: Path) -> None:
    """Par04 counts ⌊(φ + π)/Δφ⌋, which is one cell too many at φ = π exactly."""
    edit = {"EnergyCell": [[1.0], [2.0, 3.0]], "rhoCell": [[0], [1, 1]]}
    edit |= {"phiCell": [[4], [4, 0]], "zCell": [[2], [3, 3]]}
    with open_showers(ntuples(tmp_path / "a.root", edit)) as found:
        cells = found.read()
        assert cells[0, 0, 0, 2] == 1
        assert cells[1, 1, 0, 3] == 5
        assert cells.sum() == 6


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ({"rhoCell": [[0], [3]]}, r"shower 1 has a cell with rhoCell = 3, outside the mesh of 3x4"),
        ({"phiCell": [[5], [3]]}, r"shower 0 has a cell with phiCell = 5"),
        ({"zCell": [[0], [-1]]}, r"shower 1 has a cell with zCell = -1"),
        ({"EnergyCell": [[1.0], [np.nan]]}, r"shower 1 has the energy nan MeV"),
        ({"EnergyCell": [[1.0], [1e300]]}, r"shower 1 has the energy inf MeV"),
        ({"EnergyCell": [[-1.0], [1.0]]}, r"shower 0 has the energy -1 MeV"),
        ({"EnergyCell": [[1.0], [1.0] * 80]}, r"entry 1 has 80 values, expected at most 75"),
        ({"zCell": [[0, 1], [1]]}, r"'zCell'|other numbers of cells"),
        ({"zCell": [0, 1]}, r"zCell': holds .*, expected a varying number of values"),
        ({"EnergyMC": np.array([1e3, 0.0])}, r"'EnergyMC' of shower 1 is 0 MeV, expected > 0"),
        ({"EnergyMC": np.array([1e3, np.inf])}, r"EnergyMC': is inf in entry 1"),
        ({"EnergyMC": np.ones(3)}, r"'global' has 3 entries, 'virtualReadout' 2"),
    ],
)
def test_what_makes_no_sense_is_named(tmp_path: Path, edit: dict[str, Any], message: str) -> None:
    path = ntuples(tmp_path / "a.root", edit)
    with pytest.raises(InputFileError, match=message), open_showers(path) as found:
        found.read()


@pytest.mark.parametrize("axis", [(0, 0.0, 1.0), (3, 0.0, -1.0), (3, 0.0, np.inf)])
def test_histograms_that_are_no_mesh(tmp_path: Path, axis: tuple[int, float, float]) -> None:
    path = tmp_path / "a.root"
    ntuples(path, axes={})
    with uproot.update(path) as file:
        for name, (bins, low, high) in {**AXES, "transProfile": axis}.items():
            file[name] = uproot.writing.identify.to_TH1x(
                name, "", np.zeros(bins + 2), 0, 0, 0, 0, 0, np.zeros(bins + 2),
                uproot.writing.identify.to_TAxis("fXaxis", "", bins, low, high),
            )  # fmt: skip
    with pytest.raises(InputFileError, match=r"cylinder|damaged|expected cell sizes"):
        open_showers(path)


def test_files_without_the_ntuples(tmp_path: Path) -> None:
    """What Geant4 11.0 leaves in the file of the main thread: histograms only."""
    path = tmp_path / "a.root"
    with uproot.recreate(path) as file:
        file["longProfile"] = (np.zeros(5), np.linspace(0, 1, 6))
    with pytest.raises(InputFileError, match=r"no known shower format: it holds longProfile .TH1D"):
        open_showers(path)
    with uproot.recreate(path) as file:
        file.mktree("physicalReadout", {"EnergyCell": awkward.Array([[1.0], []])})
    with pytest.raises(InputFileError, match=r"tree physicalReadout of 2 entries .nEnergyCell, "):
        open_showers(path)


def test_rntuples_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.root"
    with uproot.recreate(path) as file:
        file.mkrntuple("global", {"EnergyMC": np.ones(2)})
    with pytest.raises(InputFileError, match=r"it holds global .ROOT::RNTuple"):
        open_showers(path)


def test_no_binning_and_no_order(tmp_path: Path) -> None:
    path = ntuples(tmp_path / "a.root")
    for options in ({"binning": "calochallenge2"}, {"order": ("z", "phi", "r")}):
        with pytest.raises(InputFileError, match="no binning, no order"):
            open_showers(path, **options)


def test_what_we_write_has_par04s_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.root"
    conditions = {"energy_mev": np.array([1e3, 0.1]), "theta_rad": np.full(2, 1.25)}
    cells = golden()[[0, 2]].astype(np.float32)
    write_showers(path, "par04-root", MESH, conditions, [cells])
    with uproot.open(path) as file:
        events, hits = file["global"], file["virtualReadout"]
        assert events.typenames() == {
            "EnergyMC": "double",
            "ThetaMC": "double",
            "SimTime": "double",
        }
        names = hits.typenames()
        assert names.pop("nCells") == "int32_t"
        assert names == {"EnergyCell": "double[]"} | dict.fromkeys(
            ("rhoCell", "phiCell", "zCell"), "int32_t[]"
        )
        assert events["EnergyMC"].array(library="np").tolist() == [1e3, 0.1]
        assert np.isnan(events["SimTime"].array(library="np")).all()
        found = np.zeros_like(cells)
        for shower, hit in enumerate(hits.arrays(library="np")["EnergyCell"]):
            place = [hits[name].array(library="np")[shower] for name in ("rhoCell", "phiCell")]
            found[shower][(*place, hits["zCell"].array(library="np")[shower])] = hit
        assert np.array_equal(found, cells)


def test_only_cylinders_from_minus_pi_can_be_written(tmp_path: Path) -> None:
    layered = LayeredMesh((MeshLayer(0, (0.0, 1.0, 2.0), 3),))
    source = from_arrays(np.ones((1, 6), np.float32), layered, {"energy_mev": np.ones(1)})
    with pytest.raises(UnsupportedError, match="regular"):
        convert_showers(source, tmp_path / "a.root", "par04-root")
    assert list(tmp_path.iterdir()) == []


def test_too_few_blocks_leave_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="hold 2 showers, the conditions 3"):
        write_showers(
            tmp_path / "a.root",
            "par04-root",
            MESH,
            {"energy_mev": np.ones(3)},
            [np.ones((2, *MESH.shape), np.float32)],
        )
    assert list(tmp_path.iterdir()) == []


energies = st.one_of(st.just(0.0), st.floats(2.0**-126, 2.0**20, width=32))


@settings(max_examples=20, deadline=None)
@given(arrays(np.float32, (3, 2, 3, 2), elements=energies), st.sampled_from(["r", "z"]))
def test_every_bit_comes_back(
    tmp_path_factory: pytest.TempPathFactory, cells: np.ndarray, first: str
) -> None:
    path = tmp_path_factory.mktemp("bits") / "a.root"
    order = ("r", "phi", "z") if first == "r" else ("z", "phi", "r")
    mesh = CylinderMesh(2, 3, 2, 0.1, 1 / 3, order)
    write_showers(path, "par04-root", mesh, {"energy_mev": np.full(3, 0.3)}, [cells[:1], cells[1:]])
    with open_showers(path) as found:
        assert found.mesh == mesh.in_order(("r", "phi", "z"))
        wanted = cells if first == "r" else cells.transpose(0, 3, 2, 1)
        assert found.read().tobytes() == wanted.tobytes()
        assert found.conditions["energy_mev"].tolist() == [0.3] * 3
