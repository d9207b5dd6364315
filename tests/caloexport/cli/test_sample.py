"""``caloexport sample`` into the cells of a readout."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from caloexport.cli.main import exit_code
from caloexport.converters.export import export
from caloexport.runtime import load
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Term
from caloexport.runtime.sharing import Sharing
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from caloexport.shipped import default_decoder
from caloexport.showers import open_showers
from caloexport.showers.hits import read_hits
from tests.converters.contracts.generators import ENERGY, linear, log_ratio, trained
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


def test_cells_of_atlas_are_sampled_at_a_point_of_their_window(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Conditions without an option of their own, and a mesh that Par04's layout cannot hold."""
    codes = Term("one_hot", "pconfig", {"codes": {str(k): k for k in range(4)}, "size": 4})
    generator = trained(
        (log_ratio(), linear(0.01, "ripos_eta"), codes),
        ATLAS_WINDOW,
        conditions=(
            ENERGY,
            Condition("ripos_eta", -0.0125, 0.0125),
            Condition("pconfig", categories=tuple("0123")),
        ),
    )
    artifact, cells = tmp_path / "photons.safetensors", tmp_path / "cells.h5"
    export(generator, "numba", artifact)
    arguments = ["sample", str(artifact), "-n", "3", "--energy", "25GeV", "-o", str(cells)]
    arguments += ["--condition", "ripos_eta=-0.01"]
    assert exit_code([*arguments, "--condition", "pconfig=2"]) == 0
    with open_showers(cells) as showers:
        assert showers.mesh == ATLAS_WINDOW
        assert showers.conditions["pconfig"].tolist() == [2] * 3
        given = {"energy_mev": 25_000.0, "ripos_eta": -0.01, "pconfig": "2"}
        np.testing.assert_allclose(showers.read(), generator.sample(3, seed=0, **given), rtol=1e-5)
    assert exit_code([*arguments, "--condition", "pconfig"]) == 2
    assert "'pconfig' is not NAME=VALUE" in capsys.readouterr().err
    assert exit_code([*arguments, "--condition", "pconfig=7"]) == 2


@pytest.mark.parametrize(("n", "words"), [(1, "1 shower, mean"), (2, "2 showers, mean")])
def test_showers_are_counted_in_words_that_fit(
    n: int, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["sample", str(default_decoder()), *CONDITIONS[:-1], str(n)]
    assert exit_code([*given, "-o", str(tmp_path / "a.h5")]) == 0
    assert words in capsys.readouterr().err
