"""Decoders after updates that were asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.keras_files.read import read_keras_model
from caloexport.converters.readers import Choices, readers
from caloexport.runtime import files
from caloexport.runtime.errors import UsageError
from caloexport.training import loop, start
from caloexport.training.kept_steps import kept_steps
from caloexport.training.meta.settings import MetaSettings
from caloexport.training.meta.trainer import MetaTrainer
from caloexport.training.run_folder import RunFolder
from caloexport.training.settings import Schedule
from tests.caloexport.training import tiny, tiny_runs
from tests.caloexport.training.eagerly import eagerly

pytest.importorskip("tensorflow")

UPDATES = 12
KEPT = ["steps/000002", "steps/000005", "steps/000010", "steps/000012"]


@pytest.fixture(autouse=True)
def eager() -> Iterator[None]:
    with eagerly():
        yield


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return options of a training that keeps the decoders of KEPT and scores after 8 and 12."""
    lines = "keep_updates = [2, 12]\nkeep_every = 5\n"
    return tiny_runs.options(
        tmp_path_factory.mktemp("asked"), "fastv", updates=UPDATES, training=lines
    )


@pytest.fixture(scope="module")
def whole(asked: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training without an interruption."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    with eagerly():
        loop.run(start.prepare("fastv", folder, asked, resume=False))
    return folder


def decoder(folder: Path) -> list[np.ndarray]:
    """Return the weights of a model."""
    network = readers["run folder"].read(folder, Choices()).network
    return [weight for node in network.nodes for weight in node.weights.values()]


def assert_same(one: Path, other: Path) -> None:
    for mine, others in zip(decoder(one), decoder(other), strict=True):
        np.testing.assert_array_equal(mine, others)


def test_each_is_a_model_of_its_own_that_says_how_old_it_is(whole: Path) -> None:
    assert kept_steps(RunFolder(whole)) == KEPT
    for name in KEPT:
        generator = readers["run folder"].read(whole / name, Choices())
        assert generator.manifest.name == f"run-{Path(name).name}"
        assert generator.manifest.provenance["updates"] == int(Path(name).name)
        assert generator.manifest.sampling is not None
    assert any(
        (a != b).any() for a, b in zip(*map(decoder, [whole / n for n in KEPT[:2]]), strict=True)
    )


def test_they_are_the_decoders_that_are_scored(whole: Path) -> None:
    scored = read_keras_model(whole / "ranked" / f"decoder-{UPDATES:09d}.keras").network
    kept = decoder(whole / KEPT[-1])
    weights = [weight for node in scored.nodes for weight in node.weights.values()]
    for one, other in zip(weights, kept, strict=True):
        np.testing.assert_array_equal(one, other)


def test_one_that_was_killed_while_it_wrote_is_taken_up_to_the_same_decoders(
    whole: Path, asked: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """The process ends here."""

    def killed(temporary: Path, path: Path) -> None:
        if path.name == "000010":
            raise Killed
        rename(temporary, path)

    rename = files._replace
    run = tmp_path / "run"
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(files, "_replace", killed)
        loop.run(start.prepare("fastv", run, asked, resume=False))
    left = run / "steps" / ".000010.ab12cd_3"  # what a killed process cannot clean up
    left.mkdir()
    loop.run(start.prepare("fastv", run, {}, resume=True))
    assert not left.exists()
    assert kept_steps(RunFolder(run)) == KEPT
    for name in KEPT:
        assert_same(run / name, whole / name)


def test_none_is_written_where_none_is_asked_for(tmp_path: Path) -> None:
    training = tiny_runs.begin(tmp_path, "fastv", updates=2)
    loop.run(training)
    assert not training.folder.steps.exists()
    assert start.summary(training, [])["steps_kept"] == []


def test_the_result_names_them(whole: Path) -> None:
    training = start.prepare("fastv", whole, {}, resume=True)
    assert start.summary(training, [])["steps_kept"] == KEPT
    assert start.kept(training).endswith("; steps/000002 to steps/000012 are there too")
    assert json.loads((whole / KEPT[0] / "manifest.json").read_text())["decoder"] == "decoder.keras"


def test_one_beyond_the_end_or_in_the_past_is_refused(whole: Path, tmp_path: Path) -> None:
    beyond = tmp_path / "beyond.toml"
    beyond.write_text("[training]\nkeep_updates = [99]\n")
    with pytest.raises(UsageError, match="after 99 updates is asked for, the training ends at 12"):
        start.prepare("fastv", whole, {"config": beyond}, resume=True)
    past = tmp_path / "past.toml"
    past.write_text("[training]\nkeep_updates = [3]\n")
    with pytest.raises(UsageError, match="after 3 updates is asked for, the run has 12 already"):
        start.prepare("fastv", whole, {"config": past}, resume=True)
    with pytest.raises(UsageError, match="keep_updates names 0, expected numbers from 1"):
        Schedule(keep_updates=(4, 0))


def test_none_falls_within_a_turn_of_a_meta_training(tmp_path: Path) -> None:
    trainer = tiny.trainer(tiny.data(tmp_path, "siw", "scipb"))
    with pytest.raises(
        UsageError, match="keep_updates is 5, expected a multiple of inner_updates = 4"
    ):
        MetaTrainer(
            trainer, MetaSettings(inner_updates=4), Schedule(updates=8, keep_updates=(4, 5))
        )
