from __future__ import annotations

import json
from pathlib import Path

import pytest

from caloexport.cli.main import exit_code
from caloexport.showers import open_showers


def test_parametrised_showers_in_two_meshes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [
        "simulate",
        "gflash",
        "--detector",
        "siw",
        "--energy",
        "2GeV",
        "-n",
        "6",
        "--jobs",
        "1",
    ]
    meshes = ["--mesh", "18x50x45", "--mesh", "9x16x45"]
    assert exit_code([*given, *meshes, "-o", str(tmp_path / "siw.h5"), "--json"]) == 0
    captured = capsys.readouterr()
    assert "tuned" not in captured.err
    summary = json.loads(captured.out)
    assert summary["showers"] == 6
    totals = []
    for file in summary["files"]:
        with open_showers(file["path"]) as showers:
            assert showers.attributes["generator"] == "GFlash parametrisation"
            assert showers.attributes["gflash_tuning"] == "siw"
            totals.append(showers.read().sum(axis=(1, 2, 3)))
    # the same showers in the same volume; the threshold of a cell is all that differs
    assert totals[0] == pytest.approx(totals[1], rel=1e-3)
    assert all(0.9 * 2000 < total < 2000 for total in totals[0])


def test_an_unknown_tuning_is_refused_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["simulate", "gflash", "--detector", "siw", "--energy", "2GeV", "--tuning", "siv"]
    assert exit_code([*given, "-o", str(tmp_path / "siw.h5")]) == 2
    assert "siw" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_stack_without_tuning_is_pointed_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["simulate", "gflash", "--detector", "fcc-siw", "--energy", "1GeV", "-n", "1"]
    assert exit_code([*given, "--jobs", "1", "-o", str(tmp_path / "fcc.h5")]) == 0
    log = capsys.readouterr().err
    assert log.count("warning: no factors were tuned to Geant4 for the stack of 'fcc-siw'") == 1
    assert "1 shower deposits" in log
    with open_showers(tmp_path / "fcc.h5") as showers:
        assert "no factors were tuned to Geant4" in showers.attributes["generator_note"]


def test_a_threshold_above_every_cell_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["simulate", "gflash", "--detector", "siw", "--energy", "2GeV", "-n", "2"]
    out = tmp_path / "siw.h5"
    assert exit_code([*given, "--jobs", "1", "--threshold", "1TeV", "-o", str(out)]) == 0
    assert "every cell of every shower is below the threshold of 1 TeV" in capsys.readouterr().err
    with open_showers(out) as showers:
        assert not showers.read().any()
