"""``caloexport sample`` into the cells of a readout."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from caloexport.cli.main import exit_code
from caloexport.converters.export import export
from caloexport.runtime import load
from caloexport.runtime.sharing import Sharing
from caloexport.showers.hits import read_hits
from tests.cpp.generators import cylinder, layered

READOUT = """
title = "Small pads"
[[layers]]
depth = ["0mm", "3.4mm"]
repeat = 5
pitch = "3.4mm"
cell = ["4mm", "3mm"]
gap = ["0.2mm", "0mm"]
cells = [10, 12]
"""
CONDITIONS = ("--energy", "50GeV", "--theta", "80deg", "--geometry", "siw", "-n", "6")


@pytest.fixture
def readout(tmp_path: Path) -> Path:
    path = tmp_path / "pads.toml"
    path.write_text(READOUT)
    return path


def test_hits_are_those_of_the_sampled_showers(
    tmp_path: Path, readout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = export(cylinder(), "numba", tmp_path / "siw.safetensors", verify=False).path
    out = tmp_path / "hits.h5"
    arguments = [str(model), *CONDITIONS, "--readout", str(readout), "--seed", "3", "-o", str(out)]
    assert exit_code(["sample", *arguments, "--entry", "1mm,-2mm..2mm"]) == 0
    stdout, stderr = capsys.readouterr()
    assert stdout.strip() == str(out)
    assert "6 showers in pads, on average" in stderr
    found = read_hits(out)
    assert (found.entry_mm[:, 0] == 1).all()
    assert len(set(found.entry_mm[:, 1])) == 6
    generator = load(model)
    theta = np.deg2rad(80)
    showers = generator.sample(6, seed=3, energy_mev=50_000.0, theta_rad=theta, geometry="siw")
    assert generator.sampling is not None
    sharing = Sharing(found.readout, generator.sampling.mesh)
    expected = sharing.share(showers, found.conditions["theta_rad"], found.entry_mm)
    np.testing.assert_array_equal(found.hits.cells, expected.cells)
    np.testing.assert_array_equal(found.hits.energies, expected.energies)
    assert exit_code(["sample", *arguments, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["readout"] == "pads"
    caught = sum(result[f"mean_{name}_mev"] for name in ("hits", "dead", "outside"))
    assert caught == pytest.approx(result["mean_deposited_mev"], rel=1e-6)


def test_what_fits_no_readout_is_refused(
    tmp_path: Path, readout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    voxels = export(layered(), "numba", tmp_path / "voxels.safetensors", verify=False).path
    arguments = ["sample", str(voxels), "--energy", "50GeV"]
    assert exit_code([*arguments, "--readout", str(readout)]) == 4
    assert "no polar angle" in capsys.readouterr().err
    assert exit_code([*arguments, "--entry", "0mm,0mm"]) == 2
    assert "--entry means nothing without a readout" in capsys.readouterr().err
    readout.write_text("[[layers]]")
    assert exit_code([*arguments, "--readout", str(readout)]) == 3
    assert "pads.toml: layers entry 0 has no 'depth'" in capsys.readouterr().err
