from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from caloexport.cli import simulate
from caloexport.cli.main import exit_code
from caloexport.showers import open_showers
from tests.toys import FOLDER, toy

__all__ = ["toy"]

DETECTOR = """
title = "Three plates"
[[stack]]
repeat = 3
slabs = [{ material = "G4_W", thickness = "%s" }, { material = "G4_Si", thickness = "1mm" }]
[meshes.small]
kind = "cylinder"
cells = [2, 3, 4]
r_cell = "5mm"
z_cell = "2mm"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy: None) -> Path:
    """An empty folder to stand in, in a program that has the command ``simulate toy``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(simulate.command, "commands", dict(simulate.command.commands))
    spec = importlib.util.spec_from_file_location("program", FOLDER / "program.py")
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    return tmp_path


def run(*arguments: str) -> int:
    return exit_code(["simulate", "toy", "--jobs", "1", *arguments])


def test_one_file_with_what_was_found(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--detector", "siw", "--energy", "1GeV", "-n", "4") == 0
    captured = capsys.readouterr()
    assert captured.out == "siw-toy.h5\n"
    assert "4 showers deposit" in captured.err
    assert "mesh 18x50x45: response" in captured.err
    assert "10 ± " in captured.err  # the toy loses a tenth
    assert "warning: mesh '18x50x45' is smaller than the shower" in captured.err
    assert "ms/GeV of one core" in captured.err
    assert [path.name for path in folder.iterdir()] == ["siw-toy.h5"]


def test_several_meshes_particles_and_energies_as_json(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--detector", "siw", "--energy", "1GeV", "--energy", "2GeV", "--particle", "gamma",
               "--particle", "-11", "--theta", "60deg", "--mesh", "9x16x45", "--mesh", "2x2x2",
               "--deposits", "active", "--factor", "30", "--threshold", "1keV", "--compact",
               "--seed", "7", "-n", "5", "-o", "a.h5", "--json") == 0  # fmt: skip
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "caloexport.simulate/1"
    assert (found["showers"], found["simulated"], found["jobs"]) == (5, 5, 1)
    assert (found["detector"], found["seed"]) == ("siw", 7)
    assert [file["path"] for file in found["files"]] == ["a-9x16x45.h5", "a-2x2x2.h5"]
    assert found["files"][0]["missed_fraction"] == pytest.approx(0.1)
    assert found["files"][0]["response_error"] > 0
    assert found["cpu_ms_per_gev"] > 0
    with open_showers("a-2x2x2.h5") as showers:
        assert showers.conditions["pdg"].tolist() == [22, -11, 22, -11, 22]
        assert showers.conditions["energy_mev"].tolist() == [1e3, 1e3, 2e3, 2e3, 1e3]
        assert showers.stored_dtype == "float16"
        told = showers.attributes
    assert (told["sensitive"], told["energy_scale"]) == ("active material", 30.0)
    assert (told["threshold_mev"], told["seed"]) == (0.001, 7)
    assert told["particle"] == "gamma (22), e+ (-11)"


def test_a_detector_of_ones_own_bent_to_a_barrel(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "my.toml").write_text(DETECTOR % "2mm")
    options = ("--detector", "my.toml", "--energy", "1GeV..2GeV", "--inner-radius", "80cm")
    assert run(*options, "-n", "2") == 0
    with open_showers("my-toy.h5") as showers:
        assert showers.attributes["materials"] == (
            "3 x (G4_W 2 mm + G4_Si 1 mm); barrel of 800 mm inner radius"
        )
        assert showers.attributes["energy_spectrum"] == "log-uniform, 1000 to 2000 MeV"


def test_resume_of_what_is_finished(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--detector", "siw", "--energy", "1GeV", "-n", "2", "--mesh", "2x2x2", "--resume")
    assert run(*options) == 0
    capsys.readouterr()
    assert run(*options) == 0
    captured = capsys.readouterr()
    assert captured.out == "siw-toy.h5\n"
    assert "finished before, nothing to do" in captured.err
    assert run(*options, "--json") == 0
    again = json.loads(capsys.readouterr().out)
    assert run(*options[:-1], "--json") == 0  # made anew: the same keys
    fresh = json.loads(capsys.readouterr().out)
    assert again.keys() == fresh.keys()
    assert again["files"][0].keys() == fresh["files"][0].keys()


def test_geant4_gives_one_file_whatever_the_number_of_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    options = ("--detector", "siw", "--energy", "50MeV..200MeV", "-n", "6", "--theta", "60deg..90deg",
               "--mesh", "9x16x45", "--mesh", "24x24x24", "--seed", "3")  # fmt: skip
    for jobs in ("1", "2"):
        arguments = ["simulate", "geant4", *options, "--jobs", jobs, "-o", f"{jobs}.h5"]
        assert exit_code(arguments) == 0
    captured = capfd.readouterr()  # of this process and of what it starts: Geant4 has a banner
    assert captured.out.split() == [
        "1-9x16x45.h5",
        "1-24x24x24.h5",
        "2-9x16x45.h5",
        "2-24x24x24.h5",
    ]
    for mesh in ("9x16x45", "24x24x24"):
        first, second = (Path(f"{jobs}-{mesh}.h5") for jobs in "12")
        assert first.read_bytes() == second.read_bytes()
    with open_showers("1-9x16x45.h5") as showers:
        response = showers.read().sum(axis=(1, 2, 3)) / showers.conditions["energy_mev"]
        assert (response > 0.8).all()
        assert (response < 1).all()
        told = showers.attributes
    assert told["generator"].startswith("Geant4 11.4.1, G4EmStandardPhysics")
    assert told["caught_fraction"] == pytest.approx(0.97, abs=0.03)
    assert len(told["geant4_tables_sha256"]) == 64


def test_without_geant4_the_line_that_installs_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("caloexport.simulation.geant4.environment.installed", lambda name: False)
    assert exit_code(["simulate", "geant4", *GOOD]) == 5
    assert "pip install 'caloexport[simulate]'" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_materials_that_geant4_does_not_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my.toml").write_text((DETECTOR % "2mm").replace("G4_Si", "G4_Sy"))
    arguments = ["simulate", "geant4", "--detector", "my.toml", "--energy", "1GeV"]
    assert exit_code(arguments) == 2
    assert "G4_Sy" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["my.toml"]


GOOD = ["--detector", "siw", "--energy", "1GeV", "-n", "1"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--detector", "siww"], 2, "unknown detector 'siww'"),
        (["--detector", "missing.toml"], 3, "missing.toml: cannot be read: No such file"),
        (["--detector", "zero.toml"], 3, "slab 0 (G4_W) is 0 mm thick"),
        (["--energy", "1GeV..2GeV"], 2, "a range, which stands alone"),
        (["--particle", "proton"], 2, "'proton' is not a particle"),
        (["--theta", "0deg"], 2, "fly along the front face"),
        (["--mesh", "9x9"], 2, "unknown mesh '9x9'"),
        (["--spectrum", "uniform"], 2, "needs a range"),
        (["--inner-radius", "-1mm"], 2, "makes no barrel"),
        (["--format", "par05"], 2, "unknown shower format 'par05'"),
        (["-o", "missing/a.h5"], 3, "make the folder 'missing' first"),
        (["-o", "/dev/null"], 3, "/dev/null: cannot be written: it is a folder or a device"),
        (["-o", "."], 3, "cannot be written: it is a folder or a device"),
        (["-n", "0"], 2, "0 is not in the range"),
        (["--jobs", "0"], 2, "0 is not in the range"),
    ],
)
def test_bad_input(
    folder: Path,
    arguments: list[str],
    code: int,
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (folder / "zero.toml").write_text(DETECTOR % "0mm")
    assert run(*GOOD, *arguments) == code
    assert message in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["zero.toml"]


@pytest.mark.parametrize("energy", ["9MeV", "2TeV", "9MeV..1GeV", "1GeV..2TeV", "0GeV", "-1GeV"])
def test_energies_outside_the_physics(
    folder: Path, energy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--detector", "siw", "-n", "1", "--energy", energy) == 2
    assert "simulated are 10 MeV to 1 TeV" in capsys.readouterr().err
    assert list(folder.iterdir()) == []


def test_range_cuts_that_make_no_sense(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["simulate", "geant4", *GOOD, "--cut", "0mm"]) == 2
    assert "a range cut of 0 mm is asked for" in capsys.readouterr().err


def test_a_file_of_something_else_is_not_replaced(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "mine.toml").write_text(DETECTOR % "2mm")
    for options in ((), ("--resume",)):
        given = ("--detector", "mine.toml", "--energy", "1GeV", "-n", "2", *options)
        assert run(*given, "-o", "mine.toml") == 2
        assert "exists already and holds something else" in capsys.readouterr().err
    assert (folder / "mine.toml").read_text() == DETECTOR % "2mm"
    assert [path.name for path in folder.iterdir()] == ["mine.toml"]


READOUT = '[[layers]]\ndepth = ["0mm", "153mm"]\ncell = ["5mm", "5mm"]\ncells = [20, 20]\n'


def test_hits_in_a_readout_stand_beside_the_showers(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from caloexport.showers.hits import read_hits

    (folder / "pads.toml").write_text(READOUT)
    assert run("--detector", "siw", "--energy", "1GeV", "-n", "3", "--readout", "pads.toml",
               "-o", "r.h5") == 0  # fmt: skip
    captured = capsys.readouterr()
    assert captured.out == "r.h5\nr-hits.h5\n"
    assert "hits in pads" in captured.err
    hits = read_hits("r-hits.h5").hits
    with open_showers("r.h5") as showers:
        totals = showers.read().sum(axis=(1, 2, 3), dtype=float)
    for number, total in enumerate(totals):
        caught = hits.energies[hits.offsets[number] : hits.offsets[number + 1]].sum(dtype=float)
        lost = hits.dead_mev[number] + hits.outside_mev[number]
        assert caught + lost == pytest.approx(total, rel=1e-6)


def test_a_readout_of_no_cylinder_is_refused_before_anything_starts(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "pads.toml").write_text(READOUT)
    assert run("--detector", "atlas-barrel", "--energy", "1GeV", "--readout", "pads.toml") == 4
    assert "readout" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["pads.toml"]
