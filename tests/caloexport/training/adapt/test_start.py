"""Adaptations: what they start from, what they leave, and that they go on where they stopped."""

from __future__ import annotations

import os
import signal
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.training import loop
from caloexport.training.adapt.start import prepare
from caloexport.training.checkpoint import read_checkpoint
from caloexport.training.training import Training
from tests.caloexport.training import tiny
from tests.caloexport.training.eagerly import eagerly
from tests.caloexport.training.same_runs import assert_same_run

pytest.importorskip("tensorflow")

#: measured anew, as statistics of normalisation are
MEASURED = {"fractions/bias"}
SETTINGS = "[training]\nbatch = 8\nheld_back = 0.25\nheld_back_fewest = 0\n"


def wanted(folder: Path, steps: int = 6, **options: Any) -> dict[str, Any]:
    data = (tiny.write(folder / "pbwo4.h5", "pbwo4", n=60),)
    config = folder / "adapt.toml"
    config.write_text(SETTINGS)
    return {"data": data, "steps": steps, "config": config, "evaluate_every": 3, **options}


def adapted(run: Path, folder: Path, **options: Any) -> Training:
    with eagerly():
        training = prepare(run, folder / "new", wanted(folder, **options), resume=False)
        loop.run(training)
    return training


def test_an_adaptation_starts_from_the_weights_of_the_run(trained: Path, tmp_path: Path) -> None:
    training = prepare(trained, tmp_path / "new", wanted(tmp_path), resume=False)
    state, (there, _) = (
        training.trainer.state(),
        read_checkpoint(trained / "checkpoint.safetensors"),
    )
    moments = training.trainer.moments()
    assert moments
    for name, value in state.items():
        expected = np.zeros_like(value) if name in moments else there[name]
        same = np.array_equal(value, expected)
        assert same != (name in MEASURED or "moving_" in name), name


def test_its_folder_is_that_of_any_run(trained: Path, tmp_path: Path) -> None:
    training = adapted(trained, tmp_path)
    written = tomllib.loads((tmp_path / "new" / "config.toml").read_text())
    assert "meta" not in written
    assert written["run"]["start"] == str(trained / "checkpoint.safetensors")
    codes = written["conditions"]["geometry_codes"]
    assert codes == {"pbwo4": 0, "scipb": 1, "siw": 2}
    [geometry] = [c for c in training.trainer.sampling.conditions if c.name == "geometry"]
    assert geometry.categories == ("pbwo4",)
    assert [row["updates"] for row in training.history] == [3, 6]
    assert all(row["worst_longitudinal_profile"] > 0 for row in training.history)
    assert (tmp_path / "new" / "decoder.keras").exists()


def test_one_that_was_interrupted_goes_on_to_the_same_end(trained: Path, tmp_path: Path) -> None:
    whole = adapted(trained, tmp_path)
    (tmp_path / "again").mkdir()
    options = wanted(tmp_path / "again")

    def stop(updates: int, text: str) -> None:
        if updates == 4:  # between two evaluations
            os.kill(os.getpid(), signal.SIGTERM)

    with eagerly():
        first = prepare(trained, tmp_path / "again" / "new", options, resume=False)
        with pytest.raises(KeyboardInterrupt):
            loop.run(first, stop)
        assert first.saved == first.progress.updates < 6
        rest = prepare(trained, tmp_path / "again" / "new", {}, resume=True)
        loop.run(rest)
    assert_same_run(whole.folder.path, rest.folder.path)


def test_a_new_run_takes_so_many_showers(trained: Path, tmp_path: Path) -> None:
    training = prepare(trained, tmp_path / "new", wanted(tmp_path, most=10), resume=False)
    assert len(training.data.training) == 10
    assert len(training.data.scoring) == 15


def test_what_a_resumed_adaptation_has_decided_is_refused(trained: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--resume takes --data, --showers from the run"):
        prepare(trained, tmp_path, {"data": (Path("a.h5"),), "most": 3}, resume=True)


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="has no weights to go on from"):
        prepare(tmp_path, tmp_path / "new", wanted(tmp_path), resume=False)
    assert not (tmp_path / "new").exists()


def test_weights_that_changed_since_are_refused(trained: Path, tmp_path: Path) -> None:
    training = prepare(trained, tmp_path / "new", wanted(tmp_path), resume=False)
    config = training.folder.path / "config.toml"
    config.write_text(config.read_text().replace(training.plan.start_hash, "0" * 64))
    with pytest.raises(InputFileError, match="has changed since the training was planned"):
        prepare(trained, tmp_path / "new", {}, resume=True)
