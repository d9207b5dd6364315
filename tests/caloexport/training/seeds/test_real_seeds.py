"""Seeds trained for real, by TensorFlow in worker processes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from caloexport.cli.main import cli
from caloexport.converters.open import open_model
from caloexport.training import loop, start
from caloexport.training.checkpoint import read_checkpoint
from tests.caloexport.training import tiny

pytest.importorskip("tensorflow")

UPDATES = 8


@pytest.mark.slow  # TensorFlow is imported in a process of its own
def test_the_runs_of_the_seeds_are_the_ones_that_single_trainings_leave(tmp_path: Path) -> None:
    data, config = tiny.write(tmp_path / "siw.h5"), tiny.config(tmp_path)
    folder = tmp_path / "seeds"
    options = ["--data", str(data), "--preset", "metahep", "--config", str(config)]
    options += ["--updates", str(UPDATES), "--seed", "7", "--seeds", "1", "--json"]
    arguments = ["train", "fastv", *options, "-o", str(folder)]
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    found = json.loads(result.stdout)
    assert found["schema"] == "caloexport.seeds/1"
    wanted = {"data": (data,), "preset": "metahep", "config": config, "updates": UPDATES, "seed": 7}
    single = start.prepare("fastv", tmp_path / "single", wanted, resume=False)
    loop.run(single)
    assert found["seeds"][0]["score"] == single.progress.best_score
    states = [read_checkpoint(run / "checkpoint.safetensors")[0] for run in
              (folder / "seed-7", tmp_path / "single")]  # fmt: skip
    for name, value in states[1].items():
        np.testing.assert_array_equal(states[0][name], value, err_msg=name)
    shower = open_model(folder / "seed-7").sample(1, energy_mev=1e4, geometry="siw", seed=1)
    assert shower.shape == (1, *tiny.MESH.shape)
