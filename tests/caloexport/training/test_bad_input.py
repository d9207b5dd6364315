"""What a GAN says about showers and settings that do not fit, and what it can be trained on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.errors import CaloexportError, UsageError
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from caloexport.showers.write import write_showers
from caloexport.training import loop, start
from tests.caloexport.training import tiny, tiny_runs, window_toy

pytest.importorskip("tensorflow")


def asked(folder: Path, data: list[Path], **choices: Any) -> dict[str, Any]:
    config = tiny_runs.config(folder, "wgan-gp", **choices)
    return {"data": data, "preset": "atlas-dnncalosim", "config": config, "updates": 1}


@pytest.mark.parametrize(
    ("case", "error", "match"),
    [
        ("regular mesh", UsageError, r"siw.h5: has showers of 60 cells of a cylinder; the preset"),
        ("few", UsageError, r"24 training showers are fewer than the 40 .*per_update = 10"),
        ("at most", UsageError, r"at_most names 77 MeV, the showers have 1024"),
        ("code", UsageError, r"'pconfig' has the values 7 .codes knows 0, 1, 2, 3"),
        ("negatives", UsageError, r"unknown way with negatives 'clip'"),
    ],
)
def test_what_does_not_fit_is_said_and_no_folder_left(
    tmp_path: Path, case: str, error: type[CaloexportError], match: str
) -> None:
    data = window_toy.write(tmp_path, energies_mev=(1024.0,), n=16)
    choices: dict[str, Any] = {}
    if case == "regular mesh":
        data = [tiny.write(tmp_path / "siw.h5")]
    elif case == "few":
        choices = {"per_update": 10}
    elif case == "at most":
        choices = {"training": 'at_most = { "77" = 1 }'}
    elif case == "negatives":
        choices = {"training": 'negatives = "clip"'}
    elif case == "code":
        cells, conditions = window_toy.showers(1024.0, 16)
        conditions["pconfig"][:] = 7
        write_showers(data[0], "calochallenge", ATLAS_WINDOW, conditions, [cells], {})
    with pytest.raises(error, match=match):
        start.prepare("wgan-gp", tmp_path / "run", asked(tmp_path, data, **choices), resume=False)
    assert not (tmp_path / "run").exists()


def test_one_energy_with_an_empty_layer_and_empty_showers_is_trained_on(tmp_path: Path) -> None:
    cells, conditions = window_toy.showers(2048.0, 40)
    cells[:, ATLAS_WINDOW.indices()["z"] == 0] = 0
    cells[::9] = 0
    path = tmp_path / "one.h5"
    write_showers(path, "calochallenge", ATLAS_WINDOW, conditions, [cells], {})
    wanted = asked(tmp_path, [path], training="[guard]\ntotal = 1.0\nlayers = 1.0")
    training = start.prepare("wgan-gp", tmp_path / "run", wanted, resume=False)
    (energy, *_) = training.trainer.sampling.conditions
    assert energy.low == energy.high == 2048.0
    loop.run(training)
    (row,) = training.folder.read_history(1)
    assert np.isfinite([row["guard"], row["critic 1 distance"], row["generator"]]).all()
    assert training.folder.checkpoint.exists()
