"""A run that is killed anywhere and taken up again ends as one that was not, bit by bit."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from caloexport.runtime import files
from caloexport.runtime.errors import OutputFileError
from caloexport.training import evaluation, loop, start
from caloexport.training.checkpoint import read_checkpoint
from caloexport.training.run_folder import RunFolder
from caloexport.training.training import Progress, Training
from tests.caloexport.training import tiny_runs

pytest.importorskip("tensorflow")

UPDATES = 12


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture(scope="module", params=sorted(tiny_runs.CONFIGS))
def first(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Training, Mapping[str, Any]]:
    """A training that is compiled, and the state that it begins from."""
    folder = tmp_path_factory.mktemp("first")
    one_kept = "keep = 1"  # so that a decoder leaves the ranking, too
    training = tiny_runs.begin(folder, request.param, updates=UPDATES, training=one_kept)
    return training, training.trainer.state()


def begun(first: tuple[Training, Mapping[str, Any]], folder: Path) -> Training:
    """Return a training from the beginning, in a folder, without compiling anew."""
    training, state = first
    training.trainer.restore(state, "memory")
    return replace(training, folder=RunFolder(folder), progress=Progress(), history=[], saved=None)


def weights(path: Path) -> dict[str, np.ndarray]:
    """Return the weights of a Keras file."""
    with zipfile.ZipFile(path) as archive:
        content = io.BytesIO(archive.read("model.weights.h5"))
    found: dict[str, np.ndarray] = {}
    with h5py.File(content) as file:
        file.visititems(
            lambda name, item: (
                found.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None
            )
        )
    return found


def outcome(folder: Path) -> dict[str, Any]:
    """Return everything that a run leaves, but for the time that it took."""
    decoders = [folder / "decoder.keras", *sorted((folder / "ranked").glob("*.keras"))]
    numbers = {path.name: weights(path) for path in decoders}
    numbers["checkpoint"] = read_checkpoint(folder / "checkpoint.safetensors")[0]
    rows = [json.loads(line) for line in (folder / "history.jsonl").read_text().splitlines()]
    return {
        "files": sorted(str(path.relative_to(folder)) for path in folder.rglob("*")),
        "history": [{k: v for k, v in row.items() if "seconds" not in k} for row in rows],
        "scores": (folder / "scores.json").read_text(),
        "ranking": (folder / "ranking.json").read_text(),
        "weights": {
            f"{file} {name}": values.tobytes()
            for file, found in numbers.items()
            for name, values in found.items()
        },
    }


def assert_same(found: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    for part in ("files", "history", "ranking", "scores"):
        assert found[part] == expected[part], part
    differ = [k for k, v in expected["weights"].items() if found["weights"].get(k) != v]
    assert not differ
    assert len(expected["weights"]) > 30


def kill_at(monkeypatch: pytest.MonkeyPatch, write: int) -> list[Path]:
    """Let the process end just before a file (counted from 0) takes its place.

    Returns:
        The files that took their places, in order.
    """
    paths: list[Path] = []
    rename = files._replace

    def renamed(temporary: Path, path: Path) -> None:
        if len(paths) == write:
            raise Killed
        paths.append(path)
        rename(temporary, path)

    monkeypatch.setattr(files, "_replace", renamed)
    return paths


def killed(*_: object) -> None:
    raise Killed


def test_a_run_killed_between_any_two_files_ends_as_one_that_was_not(
    first: tuple[Training, Mapping[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "_prepare", lambda plan, run, report: begun(first, run.path))
    plan = first[0].plan

    def run(name: str) -> Path:
        loop.run(loop.begin(plan, tmp_path / name))
        return tmp_path / name

    with monkeypatch.context() as patch:
        paths = kill_at(patch, write=-1)
        expected = outcome(run("whole"))
    assert paths[0] == tmp_path / "whole"  # the folder itself, with config.toml in it
    names = [path.name for path in paths]
    assert {"checkpoint.safetensors", "decoder.keras", "history.jsonl"} <= set(names)
    # Which files there are is the same for all families: one is killed at each, the other at some.
    every = 1 if plan.family == "wgan-gp" else 5
    for write, path in list(enumerate(paths))[1::every]:
        folder = tmp_path / f"killed-{write}"
        with monkeypatch.context() as patch, pytest.raises(Killed):
            kill_at(patch, write)
            run(folder.name)
        place = folder / path.parent.relative_to(paths[0])
        (place / f".{path.name}.ab12cd_3").mkdir()  # what a killed process cannot clean up
        loop.run(loop.resume(plan, folder))
        assert_same(outcome(folder), expected)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(evaluation, "remove_others", killed)
        run("killed with too many decoders")
    ranked = tmp_path / "killed with too many decoders" / "ranked"
    (ranked / ".decoder-000000001.keras.leftover").mkdir()
    loop.run(loop.resume(plan, ranked.parent))
    assert_same(outcome(ranked.parent), expected)


def test_a_run_killed_before_its_folder_was_there_leaves_nothing(
    first: tuple[Training, Mapping[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "_prepare", lambda plan, run, report: begun(first, run.path))
    kill_at(monkeypatch, write=0)
    with pytest.raises(Killed):
        loop.begin(first[0].plan, tmp_path / "deep" / "run")
    assert not (tmp_path / "deep" / "run").exists()


@pytest.mark.slow  # imports TensorFlow in a process of its own, to be able to kill it
def test_a_gan_whose_process_is_killed_ends_in_the_same_decoder(tmp_path: Path) -> None:
    # At a constant learning rate the number of updates to come does not matter, so the process
    # can be given far too many: it is still at work when it is killed.
    asked = tiny_runs.options(tmp_path, "wgan-gp", final=1e-3)
    files_of_it = [part for path in asked["data"] for part in ("--data", str(path))]
    command = [sys.executable, "-m", "caloexport.cli.main", "train", "wgan-gp", *files_of_it]
    command += ["--config", str(asked["config"]), "--seed", str(asked["seed"])]
    command += ["--updates", "1000000", "-o", str(tmp_path / "killed")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            waited = time.monotonic()
            while not (tmp_path / "killed" / "checkpoint.safetensors").exists():
                assert process.poll() is None
                assert time.monotonic() - waited < 300
                time.sleep(0.02)
            process.send_signal(signal.SIGSTOP)  # it holds the run, and does not get on
            with pytest.raises(OutputFileError, match=f"training writes it.*{process.pid}"):
                start.prepare("wgan-gp", tmp_path / "killed", {}, resume=True)
        finally:
            process.kill()
    total = read_checkpoint(tmp_path / "killed" / "checkpoint.safetensors")[1]["updates"] + UPDATES
    loop.run(start.prepare("wgan-gp", tmp_path / "killed", {"updates": total}, resume=True))
    uncut = start.prepare("wgan-gp", tmp_path / "uncut", {**asked, "updates": total}, resume=False)
    loop.run(uncut)
    assert_same(outcome(tmp_path / "killed"), outcome(tmp_path / "uncut"))
