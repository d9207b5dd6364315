"""``caloexport simulate geant4 --fast`` and ``caloexport simulate compare``, from detector to file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from caloexport.cli.main import exit_code
from caloexport.showers import open_showers
from tests.caloexport.simulation.fast.conftest import CELLS, toy_artifact

DETECTOR = f"""
[[upstream]]
slabs = [{{ material = "G4_Pb", thickness = "3mm" }}]
[[stack]]
repeat = 30
slabs = [{{ material = "G4_W", thickness = "5.1mm", active = true }}]
[meshes.toy]
kind = "cylinder"
cells = {CELLS["cells"]}
r_cell = "{CELLS["r_cell"]}"
z_cell = "{CELLS["z_cell"]}"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with a detector that the generator knows."""
    monkeypatch.chdir(tmp_path)
    toy_artifact(tmp_path)
    (tmp_path / "siw.toml").write_text(DETECTOR)
    return tmp_path


def simulate(*arguments: str) -> int:
    return exit_code(
        ["simulate", "geant4", "--detector", "siw.toml", "--fast", "toy.safetensors", *arguments]
    )


def test_the_file_does_not_depend_on_the_workers(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    beam = ("--energy", "500MeV..20GeV", "--particle", "e-", "--particle", "gamma", "-n", "12")
    assert simulate(*beam, "--jobs", "1", "-o", "one.h5") == 0
    assert "what lies outside is not known" in capsys.readouterr().err
    assert simulate(*beam, "--jobs", "2", "-o", "two.h5") == 0
    assert (folder / "one.h5").read_bytes() == (folder / "two.h5").read_bytes()
    with open_showers("one.h5") as showers:
        told, energies = showers.attributes, showers.read()
    assert told["generator"] == "fast simulation by toy in Geant4"
    assert told["fast_threshold_mev"] == pytest.approx(995)
    assert "deposited_fraction" not in told
    assert np.all(energies.reshape(12, -1).sum(axis=1) > 0)


def test_a_beam_of_no_training_starts_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulate("--energy", "100GeV") == 2
    assert "trained on 995 MeV to 64.3 GeV" in capsys.readouterr().err
    assert sorted(path.name for path in folder.iterdir()) == ["siw.toml", "toy.safetensors"]


def test_full_and_fast_side_by_side(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    beam = ("--energy", "1GeV", "--energy", "2GeV", "--theta", "75deg", "-n", "2")
    arguments = ["simulate", "compare", "toy.safetensors", "--detector", "siw.toml", *beam]
    assert exit_code([*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "caloexport.simulate-compare/1"
    assert [point["energy_mev"] for point in found["points"]] == [1000.0, 2000.0]
    for point in found["points"]:
        assert 0.3 < point["full_response"][0] < 1  # lead takes its part
        assert point["fast_response"][1] > 0
        assert point["full_ms"][0] > 0
        assert point["speed_up"][0] > 0
