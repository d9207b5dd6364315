"""The stages of the quickstart, one after the other."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from caloexport.converters.export import Exported, export
from caloexport.converters.open import open_model
from caloexport.converters.targets import Options, targets
from caloexport.quickstart.outcome import Outcome
from caloexport.quickstart.page import write_page
from caloexport.quickstart.physics import judge
from caloexport.quickstart.pictures import draw_pictures
from caloexport.quickstart.speed import measure_speed
from caloexport.quickstart.speed import steps as speed_steps
from caloexport.runtime import load
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import UsageError
from caloexport.showers import SAMPLES, sample
from caloexport.training import loop, start
from caloexport.training.training import Training

#: called with the title of a stage and its number of steps, gives (done, text) -> None
Stage = Callable[[str, int], AbstractContextManager[Any]]

PRESET = "quickstart"
CPP = "cpp"


def quickstart(
    folder: Path, stage: Stage, *, seed: int = 0, threads: int = 2, updates: int | None = None
) -> Outcome:
    """Run all stages.

    Args:
        folder: to make.
        stage: shows the progress of a stage.
        seed: of training and sampling.
        threads: of the training.
        updates: of the training; None takes the preset's.

    Raises:
        UsageError: the folder exists.
        MissingDependency: an extra is not installed.
    """
    if folder.exists():
        message = f"{folder} exists already"
        raise UsageError(message, hint="choose another folder with -o, or remove it")
    folder.mkdir(parents=True)
    try:
        return _all_stages(folder, stage, seed, threads, updates)
    except BaseException:  # an interrupt too: nothing goes on from a half-made folder
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _current() -> list[str]:
    """List the formats that new users may want: C++ where there is a compiler, and last."""
    found = [name for name in targets if not targets[name].legacy and name != CPP]
    return [*found, CPP] if backends[targets[CPP].engine].available() else found


def _all_stages(
    folder: Path, stage: Stage, seed: int, threads: int, updates: int | None
) -> Outcome:
    seconds: dict[str, float] = {}
    with _timed(seconds, "train"):
        wanted = {"preset": PRESET, "seed": seed, "threads": threads, "updates": updates}
        training = _train(folder, stage, wanted)
    with (
        _timed(seconds, "convert and verify"),
        stage("convert and verify", len(_current())) as step,
    ):
        exported = _convert(folder, step)
    artifact = exported["numba"].path
    with _timed(seconds, "bench"), stage("bench", speed_steps()) as step:
        speed = measure_speed(artifact, step)
    generator = load(artifact)
    with _timed(seconds, "judge"), stage("generate and judge", 1) as step:
        judgement = judge(training.data, generator, seed, step)
    with _timed(seconds, "draw"), stage("draw", 3) as step:
        draw_pictures(folder, judgement, generator, training.data, step)
    outcome = Outcome(folder, judgement, exported, speed, seconds)
    write_page(outcome, training)
    return outcome


def _train(folder: Path, stage: Stage, wanted: dict[str, Any]) -> Training:
    files = [sample(name) for name in SAMPLES]
    wanted = {**wanted, "data": files}
    with stage("read real Geant4 showers", len(files)) as step:
        training = start.prepare("fastv", folder / "run", wanted, resume=False, report=step)
    with stage("train FastV", training.total) as step:
        loop.run(training, report=step)
    return training


def _convert(folder: Path, step: Callable[[int, str], None]) -> dict[str, Exported]:
    exported: dict[str, Exported] = {}
    for count, name in enumerate(_current()):
        target = targets[name]
        step(count, name)
        path = folder / (f"decoder{target.suffix}" if target.suffix else f"decoder-{name}")
        # C++ maps the file that Python samples
        model = exported["numba"].path if name == CPP else folder / "run"
        exported[name] = export(open_model(model), name, path, options=Options(model=model))
    return exported


class _timed(AbstractContextManager[None]):
    """Note how long a stage took."""

    def __init__(self, seconds: dict[str, float], name: str) -> None:
        self._seconds, self._name = seconds, name

    def __enter__(self) -> None:
        self._started = time.monotonic()

    def __exit__(self, *_: object) -> None:
        self._seconds[self._name] = round(time.monotonic() - self._started, 1)
