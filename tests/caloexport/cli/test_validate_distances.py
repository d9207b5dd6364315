"""Distances of whole showers on the command line, and where they stand among published ones."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from caloexport.cli.main import exit_code
from caloexport.showers import from_arrays, open_showers, sample
from caloexport.showers.write import convert_showers
from caloexport.validation.challenge_set import mesh_of_set
from caloexport.validation.compare_distances import compare_distances

SET = "calochallenge1-pions"
#: as many as FPD needs of its 46 features
SHOWERS = 460


def run(*arguments: object) -> int:
    return exit_code(["validate", *(str(argument) for argument in arguments)])


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return two files of the challenge's layout, the second with other shares of the layers."""
    mesh = mesh_of_set(SET)
    folder = tmp_path_factory.mktemp("pions")
    paths = []
    for name, tilt in (("reference", 0.0), ("generated", 0.4)):
        random = np.random.default_rng(len(paths))
        energy_mev = 2.0 ** np.array([8, 14, 15, 16, 22])[np.arange(SHOWERS) % 5]
        layers = mesh.indices()["z"]
        cells = random.exponential(np.exp(-tilt * layers), (SHOWERS, len(layers)))
        cells *= (energy_mev / cells.sum(axis=1))[:, None]
        paths.append(folder / f"{name}.hdf5")
        made = from_arrays(cells.astype(np.float32), mesh, {"energy_mev": energy_mev})
        convert_showers(made, paths[-1], "calochallenge")
    return paths[0], paths[1]


def test_numbers_are_placed_among_published_ones(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--reference", files[0], "--generated", files[1], "--published", SET, "--json")
    assert run(*given) == 1
    found = json.loads(capsys.readouterr().out)
    fpd, kpd = found["distances"]
    assert (fpd["name"], kpd["name"]) == ("fpd", "kpd")
    with open_showers(files[0]) as reference, open_showers(files[1]) as generated:
        [direct] = compare_distances(reference, generated, ["fpd"])
    assert (fpd["value"], fpd["error"], fpd["floor"]) == (direct.value, direct.error, direct.floor)
    assert fpd["value"] > fpd["floor"] + 5 * fpd["error"]
    assert (fpd["features"], fpd["n_features"]) == ("calochallenge", 46)
    assert fpd["published_settings"] is False
    assert found["published"]["table"] == SET
    place = found["published"]["standings"][0]
    assert (place["name"], place["value"]) == ("fpd", fpd["value"])
    assert place["departures"] == [f"draws of {SHOWERS} showers at most, published of 50000"]
    assert place["floor"] == pytest.approx(0.511e-3)


def test_tables_say_what_compares_and_what_does_not(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--reference", files[0], "--generated", files[0], "--published", SET)
    assert run(*given, "--distance", "prdc", "--distance", "kpd") == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert printed.index("distances of whole showers") < printed.index("among 12 models on CaloCh")
    for name in ("fpd", "kpd", "precision", "recall", "density", "coverage"):
        assert f" {name} " in printed
    assert printed.count("kpd ") == 3  # once in either table, and where models level with it stand
    assert "460, 460 46 calochallenge" in printed
    # a note stands once, whatever the number of rows that it is about
    note = "precision, recall, density, coverage: of 230 showers of each sample, on which"
    assert printed.count("of 230 showers of each sample") == printed.count(note) == 1
    assert "kpd level with: " in printed
    assert "* not comparable: draws of 460 showers at most, published of 50000" in printed
    assert "of 13 *" in printed
    # the next worse with its number, and Geant4 itself
    assert re.search(r"[A-Za-z] 0\.\d+ -0\.000007 ± 0\.000036", printed)


def test_without_being_asked_there_are_none(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--reference", files[0], "--generated", files[0], "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["distances"], found["published"]) == ([], None)


def test_cells_that_are_no_energies_leave_no_distances(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_showers(files[0]) as showers:
        cells = showers.read().copy()
        cells[3, 7] = -1
        made = from_arrays(cells, showers.mesh, showers.conditions)
    import h5py

    damaged = tmp_path / "damaged.hdf5"
    with h5py.File(damaged, "w") as file:
        file["incident_energies"] = made.conditions["energy_mev"][:, None]
        file["showers"] = cells
    given = ("--reference", files[0], "--generated", damaged, "--distance", "all", "--json")
    assert run(*given) == 1
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert found["distances"] == []
    [note] = [one for one in found["notes"] if "no distances" in one]
    assert "kpd" in note
    assert note.endswith("the generated sample holds cells that are no energies, see NU001")
    assert f"note: {note}" in printed.err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--distance", "fdp"], "did you mean 'fpd'"),
        (["--published", "calochallenge4"], "calochallenge2"),
        (["--published", "calochallenge2"], "has the cells of calochallenge1-pions, not of"),
    ],
)
def test_mistakes_are_told_before_showers_are_read(
    files: tuple[Path, Path], options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--reference", files[0], "--generated", files[1], *options) == 2
    told = capsys.readouterr()
    assert message in told.err
    assert told.out == ""


def test_other_cells_have_no_published_results(capsys: pytest.CaptureFixture[str]) -> None:
    given = ("--reference", sample("pbwo4"), "--generated", sample("pbwo4"))
    assert run(*given, "--published", "calochallenge2") == 2
    assert "has cells of no published set, not of calochallenge2" in capsys.readouterr().err


def test_a_library_that_is_absent_is_named_first(
    files: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    monkeypatch.setattr("caloexport.showers.showers.Showers.chunks", None)  # nothing is read
    assert run("--reference", files[0], "--generated", files[1], "--distance", "fpd") == 5
    assert "pip install 'caloexport[distances]'" in capsys.readouterr().err


def test_distances_of_models_stand_side_by_side(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--reference", files[0], "--generated", files[1], "--generated", files[0])
    run(*given, "--published", SET, "--html", tmp_path / "models.html")
    printed = capsys.readouterr().out
    rows = [line.split() for line in printed.splitlines() if line.startswith(("fpd ", "kpd "))]
    assert [row[0] for row in rows] == ["fpd", "kpd", "fpd", "kpd"]
    assert float(rows[0][4]) > 0.1 > float(rows[0][7])  # value ± error of one and of the other
    assert "* not comparable: draws of 460 showers" in " ".join(printed.split())
    assert "place among published results" in (tmp_path / "models.html").read_text("utf-8")
    assert run(*given, "--published", SET, "--json") == 1
    told = {one["name"]: one for one in json.loads(capsys.readouterr().out)["models"]}
    assert list(told) == ["generated", "reference"]
    with open_showers(files[0]) as reference, open_showers(files[1]) as generated:
        [direct] = compare_distances(reference, generated, ["fpd"])
    assert told["generated"]["distances"][0]["value"] == direct.value
    assert told["generated"]["distances"][0]["floor"] == direct.floor
    assert told["reference"]["distances"][0]["floor"] == direct.floor
