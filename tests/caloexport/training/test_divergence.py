"""A training that diverges ends at once, says why, and leaves what was good."""

from __future__ import annotations

import hashlib
import itertools
import json
import pickle
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from caloexport.cli.main import cli
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import UsageError
from caloexport.training import loop, start
from caloexport.training.checkpoint import read_checkpoint
from caloexport.training.divergence import Diverged, require_finite_state, require_within
from caloexport.training.run_folder import LOCK, RunFolder
from caloexport.training.training import Progress, Training
from tests.caloexport.training import tiny_runs

pytest.importorskip("tensorflow")

FAMILIES = sorted(tiny_runs.PRESETS)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Training]]:
    """Trainings of each family, none of them run."""
    yield {name: tiny_runs.begin(tmp_path_factory.mktemp(name), name) for name in FAMILIES}


def test_a_loss_beyond_its_limit_is_named() -> None:
    require_within({"kl": 1.0, "bce": -2.0}, largest=2.0)
    with pytest.raises(Diverged, match=r"bce is -2.5, expected at most ±2"):
        require_within({"kl": 1.0, "bce": -2.5}, largest=2.0)
    for value in (np.nan, np.inf, -np.inf):
        with pytest.raises(Diverged, match=r"kl is .*, expected a finite number"):
            require_within({"bce": 1.0, "kl": value})


def test_a_state_that_is_not_finite_is_named() -> None:
    sound = {"kernel": np.ones(3, dtype=np.float32), "count": np.array(3)}
    require_finite_state(sound)
    with pytest.raises(Diverged, match="a number of 'bias' is nan"):
        require_finite_state({**sound, "bias": np.array([0.0, np.nan], dtype=np.float32)})


def test_the_error_survives_the_way_between_processes() -> None:
    error = Diverged("kl", np.inf)
    error.locate("run", 8, kept=6)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_bad_number_anywhere_in_the_weights_shows_in_the_next_update(
    runs: dict[str, Training], family: str
) -> None:
    trainer = runs[family].trainer
    good = trainer.state()
    inputs = trainer.inputs(1)
    # no loss depends on them, or they are no weights
    idle = ("average", "moving", "first", "second", "condition_scale")
    weights = [name for name in good if not any(part in name for part in idle)]
    assert len(weights) > 8
    for number, name in enumerate(weights):
        bad = {**good, name: good[name].copy()}
        bad[name].flat[-1] = np.nan
        trainer.restore(bad, "memory")
        with pytest.raises(Diverged):
            require_within(trainer.apply(inputs, 1e-3, with_loss=number % 2 == 0))
    trainer.restore(good, "memory")
    for with_loss in (True, False):
        require_within(trainer.apply(inputs, 1e-3, with_loss=with_loss))
    trainer.restore(good, "memory")


def contents(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != LOCK]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def spoiled(training: Training, update: int) -> Callable[..., dict[str, float]]:
    """Return updates that make a weight infinite just before one of them (counted from 1)."""
    apply, numbers = training.trainer.apply, itertools.count(1)

    def spoil(*inputs: object, with_loss: bool) -> dict[str, float]:
        if next(numbers) == update:
            state = training.trainer.state()
            name = next(name for name in state if name.endswith("kernel"))
            state[name][0, 0] = np.inf
            training.trainer.restore(state, "memory")
        return apply(*inputs, with_loss=with_loss)

    return spoil


def fresh(training: Training, folder: Path) -> Training:
    """Return a new run of a trainer that is compiled already, from its first weights."""
    run = RunFolder(folder / "run")
    run.create(training.plan)
    again = replace(training, folder=run, progress=Progress(), history=[], saved=None)
    again.trainer.restore(FIRST.setdefault(id(training), training.trainer.state()), "memory")
    return again


#: first weights of each training
FIRST: dict[int, dict[str, Array]] = {}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_training_that_diverges_ends_there_and_keeps_its_checkpoint(
    runs: dict[str, Training], tmp_path: Path, family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = fresh(runs[family], tmp_path)
    monkeypatch.setattr(training.trainer, "apply", spoiled(training, training.score_every + 3))
    before: dict[str, str] = {}

    def remember(updates: int, score: float) -> bool:
        before.update(contents(training.folder.path))
        return False

    with pytest.raises(Diverged) as raised:
        loop.run(training, on_score=remember)
    text = str(raised.value)
    assert f"diverged in update {training.score_every + 3}: " in text
    assert f"the checkpoint of update {training.score_every} is kept" in text
    assert raised.value.exit_code == 1
    assert contents(training.folder.path) == before
    state, progress = read_checkpoint(training.folder.checkpoint)
    require_finite_state(state)
    assert progress["updates"] == training.score_every


def test_a_state_that_is_not_finite_is_never_written(
    runs: dict[str, Training], tmp_path: Path
) -> None:
    # The average of the weights is what is kept; no loss depends on it.
    training = fresh(runs["wgan-gp"], tmp_path)
    state = training.trainer.state()
    name = next(name for name in state if name.startswith("average/"))
    state[name].flat[0] = np.nan
    training.trainer.restore(state, "memory")
    with pytest.raises(Diverged, match=f"a number of '{name}' is nan"):
        loop.run(training)
    assert list(contents(training.folder.path)) == ["config.toml"]


def test_other_settings_do_not_change_in_the_middle_of_a_run(tmp_path: Path) -> None:
    tiny_runs.begin(tmp_path, "wgan-gp")
    other = tmp_path / "other.toml"
    other.write_text("[training]\nbatch = 6")
    with pytest.raises(
        UsageError, match=r"other.toml: changes batch in \[training\], which the run"
    ):
        start.prepare("wgan-gp", tmp_path / "run", {"config": other}, resume=True)


def test_a_critic_that_explodes_ends_the_command_and_a_changed_file_lets_it_go_on(
    tmp_path: Path,
) -> None:
    asked = tiny_runs.options(tmp_path, "wgan-gp", critics="largest = 1e-6")
    files = [part for path in asked["data"] for part in ("--data", str(path))]
    options = ["--config", str(asked["config"]), "--updates", "6", "-o", str(tmp_path / "run")]
    result = CliRunner().invoke(cli, ["train", "wgan-gp", *files, *options])
    assert isinstance(result.exception, Diverged)
    assert re.search(
        r"update 1: critic 1 \w+ is .*at most ±1e-06 .*no checkpoint yet.*--resume --config FILE",
        str(result.exception),
    )
    assert list(contents(tmp_path / "run")) == ["config.toml"]
    other = tmp_path / "other.toml"
    other.write_text("[training]\nlearning_rate = 5e-4\n[critics]\nlargest = 1e6")
    again = start.prepare("wgan-gp", tmp_path / "run", {"config": other}, resume=True)
    assert again.plan.changed == (
        "from update 0: [critics] largest = 1000000.0",
        "from update 0: [training] learning_rate = 0.0005",
    )
    assert start.prepare("wgan-gp", tmp_path / "run", {}, resume=True).plan == again.plan
    loop.run(again)
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert manifest["provenance"]["changed"] == list(again.plan.changed)
