"""Runs: what a training leaves, and that a run cut short ends as one that was not."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
from pathlib import Path

import pytest

from caloexport.converters.open import open_model
from caloexport.runtime.errors import InputFileError, OutputFileError, UsageError
from caloexport.training import loop, start
from caloexport.training.checkpoint import read_checkpoint
from caloexport.training.run_folder import RunFolder
from caloexport.training.runs import worker
from caloexport.training.runs.job import Job
from caloexport.training.scoring.score import Scored
from caloexport.training.training import Training
from tests.caloexport.training import tiny
from tests.caloexport.training.same_runs import assert_same_run

pytest.importorskip("tensorflow")

UPDATES = 24


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    tiny.write(folder / "siw.h5", "siw")
    tiny.write(folder / "scipb.h5", "scipb")
    tiny.config(folder)
    return folder


def prepare(place: Path, name: str, **options: object) -> Training:
    wanted = {
        "data": (place / "siw.h5", place / "scipb.h5"),
        "preset": "metahep",
        "config": place / "tiny.toml",
        "seed": 5,
        "updates": UPDATES,
    }
    return start.prepare("fastv", place / name, {**wanted, **options}, resume=False)


@pytest.fixture(scope="module")
def whole(place: Path) -> Training:
    """A run that went through without a break."""
    training = prepare(place, "whole")
    loop.run(training)
    return training


def test_the_run_folder_opens_as_a_generator(whole: Training) -> None:
    folder = whole.folder.path
    assert sorted(path.name for path in folder.iterdir()) == [
        "checkpoint.safetensors",
        "config.toml",
        "decoder.keras",
        "history.jsonl",
        "lock",
        "manifest.json",
        "ranked",
        "ranking.json",
        "scores.json",
    ]
    generator = open_model(folder)
    assert generator.sampling == whole.trainer.sampling
    showers = generator.sample(3, energy_mev=10_000.0, geometry="siw", seed=1)
    assert showers.shape == (3, *tiny.MESH.shape)
    assert 0.5 < showers.sum() / 30_000 < 1.5


def test_the_manifest_tells_where_the_decoder_comes_from(whole: Training) -> None:
    manifest = json.loads((whole.folder.path / "manifest.json").read_text())
    provenance = manifest["provenance"]
    assert manifest["schema"] == "caloexport.run/1"
    assert (provenance["preset"], provenance["seed"]) == ("metahep", 5)
    assert [file["file"] for file in provenance["data"]] == ["siw.h5", "scipb.h5"]
    assert all(len(file["sha256"]) == 64 for file in provenance["data"])
    assert provenance["updates"] == whole.progress.best_updates
    history = [
        json.loads(x) for x in (whole.folder.path / "history.jsonl").read_text().splitlines()
    ]
    best = min(history, key=lambda row: row["score"])
    assert provenance["score"] == pytest.approx(best["score"])
    assert best["updates"] == provenance["updates"]


def test_a_run_stopped_and_resumed_ends_in_the_same_weights(place: Path, whole: Training) -> None:
    training = prepare(place, "stopped")

    def stop(done: int, text: str) -> None:
        if done == 11:  # in the middle of an epoch
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        loop.run(training, stop)
    assert read_checkpoint(training.folder.checkpoint)[1]["updates"] in (11, 12)
    loop.run(start.prepare("fastv", place / "stopped", {}, resume=True))
    assert_same_run(whole.folder.path, place / "stopped")


def test_a_run_ends_where_its_score_does_not_please(place: Path, whole: Training) -> None:
    training = prepare(place, "unpleasant")
    heard: list[tuple[int, float]] = []

    def second(updates: int, scored: Scored) -> bool:
        heard.append((updates, scored.physics.value))
        return len(heard) == 2

    loop.run(training, on_score=second)
    history = [
        json.loads(x) for x in (whole.folder.path / "history.jsonl").read_text().splitlines()
    ]
    assert heard == [(row["updates"], row["score"]) for row in history[:2]]
    assert read_checkpoint(training.folder.checkpoint)[1]["updates"] == heard[-1][0] < UPDATES


def test_one_process_at_a_time_trains_in_a_run(place: Path, whole: Training) -> None:
    folder = place / "shared"
    shutil.copytree(whole.folder.path, folder)
    mine = start.prepare("fastv", folder, {"updates": UPDATES + 10}, resume=True)
    checkpoint = mine.folder.checkpoint.read_bytes()
    job = Job("shared", folder, mine.plan)
    refused = pytest.raises(
        OutputFileError, match=rf"shared: another training .*process {os.getpid()}.*wait for it"
    )
    with RunFolder(folder).held():
        with refused:
            start.prepare("fastv", folder, {}, resume=True)
        with refused:
            loop.run(mine)
        with refused:  # as a worker of several seeds, or of a search, does
            worker._train(job, worker.Telling(io.StringIO()))
    assert mine.folder.checkpoint.read_bytes() == checkpoint
    other = start.prepare("fastv", folder, {"updates": UPDATES + 10}, resume=True)
    loop.run(other)
    with pytest.raises(OutputFileError, match=f"taken it to {UPDATES + 10} updates in the meanti"):
        loop.run(mine)


def test_an_existing_run_is_not_trained_over(place: Path, whole: Training) -> None:
    with pytest.raises(UsageError, match=r"exists already .go on with --resume"):
        prepare(place, "whole")


def test_data_that_do_not_fit_leave_no_folder(place: Path) -> None:
    with pytest.raises(UsageError, match=r"\(3, 4, 5\) cells, the preset \(18, 50, 45\)"):
        prepare(place, "misfit", config=None)
    assert not (place / "misfit").exists()


def test_changed_data_are_refused(place: Path, tmp_path: Path) -> None:
    data = tiny.write(tmp_path / "siw.h5")
    prepare(place, "changed", data=(data,))
    tiny.write(tmp_path / "siw.h5", n=41)
    with pytest.raises(InputFileError, match="has changed since the training began"):
        start.prepare("fastv", place / "changed", {}, resume=True)


def test_what_the_run_has_decided_is_not_taken_again(place: Path, whole: Training) -> None:
    with pytest.raises(UsageError, match="--resume takes --seed from the run"):
        start.prepare("fastv", place / "whole", {"seed": 6}, resume=True)


@pytest.mark.parametrize("damage", ["truncated", "other", "empty"])
def test_a_damaged_checkpoint_is_refused(
    place: Path, whole: Training, tmp_path: Path, damage: str
) -> None:
    content = whole.folder.checkpoint.read_bytes()
    path = tmp_path / "checkpoint.safetensors"
    path.write_bytes({"truncated": content[:-100], "other": b"PK" * 200, "empty": b""}[damage])
    with pytest.raises(InputFileError, match=r"checkpoint.safetensors: is"):
        read_checkpoint(path)


def test_a_checkpoint_of_another_network_is_refused(whole: Training) -> None:
    state = dict(whole.trainer.state())
    state["fractions/bias"] = state["fractions/bias"][:-1]
    with pytest.raises(InputFileError, match=r"'fractions/bias' is \(59,\), expected \(60,\)"):
        whole.trainer.restore(state, "checkpoint.safetensors")
