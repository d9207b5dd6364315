from __future__ import annotations

import json
from pathlib import Path

import h5py
import numpy as np
import pytest

from caloexport.cli.main import exit_code
from caloexport.showers import convert_showers, open_showers, sample, write_showers
from tests.house import TESTS


def test_info_as_table_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["data", "info", str(sample("siw"))]) == 0
    assert "18 × 50 × 45 cells" in capsys.readouterr().out
    assert exit_code(["-q", "data", "info", str(sample("siw")), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "caloexport.data-info/1"
    assert (found["showers"], found["format"]) == (256, "par04")
    assert found["conditions"]["geometry"] == {"categories": {"siw": 256}}


def test_convert_there_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, flat, back = (tmp_path / name for name in ("source.h5", "flat.hdf5", "back.h5"))
    with open_showers(sample("siw")) as whole:
        few = {name: values[:20] for name, values in whole.conditions.items()}
        cells = whole.read(slice(0, 20))
        write_showers(source, "par04", whole.mesh, few, [cells], whole.attributes)
    arguments = ["data", "convert", str(source), str(flat), "--format", "calochallenge"]
    assert exit_code(arguments) == 0
    captured = capsys.readouterr()
    assert captured.out.strip() == str(flat)
    assert "energies unchanged (factor 1 on the deposited energy)" in captured.err
    assert exit_code(["data", "convert", str(flat), str(back), "--format", "par04"]) == 0
    with open_showers(source) as first, open_showers(back) as last:
        assert first.mesh == last.mesh
        assert np.array_equal(last.read(), cells)


def test_showers_of_some_energies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "some.h5"
    given = ["data", "convert", str(sample("siw")), str(target), "--format", "par04"]
    assert exit_code([*given, "--energy", "4GeV..8GeV"]) == 0
    with open_showers(sample("siw")) as whole, open_showers(target) as some:
        energy_mev = whole.conditions["energy_mev"]
        chosen = (energy_mev >= 4e3) & (energy_mev <= 8e3)
        assert np.array_equal(some.conditions["energy_mev"], energy_mev[chosen])
        assert np.array_equal(some.read(), whole.read()[chosen])
        assert some.attributes["chosen_energies"] == "4 GeV to 8 GeV"
    assert f"{chosen.sum()} of 256 showers" in capsys.readouterr().err
    for wrong, message in (
        ("2TeV..3TeV", "has no shower of 2 TeV to 3 TeV"),
        ("8GeV..4GeV", "goes down"),
        ("4..8", "has no unit"),
    ):
        assert exit_code([*given, "--energy", wrong]) == 2
        assert message in capsys.readouterr().err


def challenge_file(folder: Path) -> Path:
    path = folder / "a.hdf5"
    with h5py.File(path, "w") as file:
        file["incident_energies"] = np.full((2, 1), 1000.0)
        file["showers"] = np.arange(2.0 * 6480).reshape(2, 6480)
    return path


def test_the_factor_of_the_challenge_is_stated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "b.h5"
    arguments = ["data", "convert", str(challenge_file(tmp_path)), str(target), "--format", "par04"]
    assert exit_code(arguments) == 0
    captured = capsys.readouterr()
    assert "times 1/0.033" in captured.err
    assert "rounded to float32" in captured.err
    with open_showers(target) as found:
        assert found.read()[1, 8, 15, 44] == 2 * 6480 - 1  # unchanged


def test_orders_and_binnings_are_options(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, target = challenge_file(tmp_path), tmp_path / "b.hdf5"
    assert exit_code(["data", "convert", str(path), str(target), "--format", "calochallenge",
                      "--binning", "calochallenge2", "--order", "layer-r-phi"]) == 0  # fmt: skip
    with open_showers(target) as found:
        assert found.mesh.order == ("z", "r", "phi")
        assert found.read()[0, 0, 1, 2] == 2 * 9 + 1
    capsys.readouterr()
    assert exit_code(["data", "info", str(path), "--stored-order", "layer-r-phi", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["mesh"]["shape"] == [45, 9, 16]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["info", "missing.h5"], 3, "missing.h5: cannot be read: No such file"),
        (["info", "{text}"], 3, "is not an HDF5 file"),
        (["info", "{siw}", "--binning", "calochallenge2"], 3, "takes no binning"),
        (["info", "{flat}", "--binning", "calochallenge"], 2, "unknown binning 'calochallenge'"),
        (["info", "{flat}", "--stored-order", "up"], 2, "not an order of the axes"),
        (["convert", "{siw}", "{out}", "--format", "par4"], 2, "did you mean 'par04'"),
        (["convert", "{siw}", "{out}", "--format", "par04-zenodo"], 4, "in whole GeV"),
        (["convert", "{siw}", "{out}"], 2, "Missing option '--format'"),
        (["convert", "{siw}", "{out}/a.h5", "--format", "par04"], 3, "No such file or directory"),
    ],
)
def test_mistakes_get_a_sentence_and_leave_nothing(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    (tmp_path / "text").write_text("plain text")
    places = {
        "siw": sample("siw"),
        "flat": challenge_file(tmp_path),
        "text": tmp_path / "text",
        "out": tmp_path / "out.h5",
    }
    assert exit_code(["data", *(one.format(**places) for one in arguments)]) == code
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.hdf5", "text"]


def test_an_error_is_json_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["data", "info", str(tmp_path / "no.h5"), "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "caloexport.error/1"
    assert found["code"] == "bad-input-file"


def test_large_files(shower_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = shower_folder / "calochallenge2-like.hdf5"
    assert exit_code(["-q", "data", "info", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["mesh"]["shape"] == [45, 16, 9]
    assert 0.9 < found["response"]["mean"] < 1.0


def test_compact_storage_is_an_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "b.h5"
    arguments = ["data", "convert", str(challenge_file(tmp_path)), str(target), "--format", "par04"]
    assert exit_code([*arguments, "--compact"]) == 0
    assert "energies rounded by at most 0.2 %, not rescaled" in capsys.readouterr().err
    with open_showers(target) as found:
        assert found.stored_dtype == "float16"
        assert found.read()[1, 8, 15, 44] == pytest.approx(2 * 6480 - 1, rel=2**-9)


def test_between_root_and_hdf5(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, last = tmp_path / "geant4.h5", tmp_path / "again.root"
    geant4 = str(TESTS / "golden" / "par04" / "global.root")
    assert exit_code(["data", "convert", geant4, str(first), "--format", "par04"]) == 0
    assert "rounded to float32" in capsys.readouterr().err
    assert exit_code(["data", "convert", str(first), str(last), "--format", "par04-root"]) == 0
    with open_showers(first) as one, open_showers(last) as other:
        assert one.mesh == other.mesh
        assert one.read().tobytes() == other.read().tobytes()
        assert one.conditions["energy_mev"].tolist() == other.conditions["energy_mev"].tolist()


def test_a_mesh_is_an_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.root"
    with open_showers(TESTS / "golden" / "par04" / "global.root") as source:
        convert_showers(source, path, "cells-root")
    assert exit_code(["data", "info", str(path), "--mesh", "5x4x3:1mm,2cm", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["mesh"]["dz_mm"] == 20.0
    for mesh, code in (("5x4", 2), ("5x4x3:1mm", 2), ("5x4x3:1,2", 2), ("0x4x3", 2), ("1x1x2", 3)):
        assert exit_code(["data", "info", str(path), "--mesh", mesh]) == code
