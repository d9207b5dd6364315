"""Courses of a comparison side by side, those of one arm in one process."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from caloexport.converters.isolation import error_from_json
from caloexport.runtime.errors import AnswerIsNo
from caloexport.training.adapt.arms import Arm
from caloexport.training.adapt.compare import Report
from caloexport.training.adapt.courses import kept
from caloexport.training.adapt.held_out import HeldOut
from caloexport.training.runs.job import Job, plan_from_json
from caloexport.training.runs.machine import Machine
from caloexport.training.runs.messages import FINISHED, Ended, Progress
from caloexport.training.runs.place import Place

#: seconds between two looks at whether the user interrupts
PATIENCE_S = 0.5


@dataclass(frozen=True)
class ArmJob(Job):
    """The courses of one arm, with all seeds.

    Attributes:
        arm, showers, seeds, test: as ``compare`` takes them; the test showers by their files.
        jobs: at a time.
    """

    worker: ClassVar[str] = "caloexport.training.adapt.arm_worker"
    arm: str
    showers: int
    seeds: int
    test: tuple[Path, ...]
    jobs: int

    def to_json(self) -> dict[str, Any]:
        """Return the job as JSON."""
        return {
            **super().to_json(),
            "arm": self.arm,
            "showers": self.showers,
            "seeds": self.seeds,
            "test": [str(path.resolve()) for path in self.test],
            "jobs": self.jobs,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ArmJob:
        """Read a job."""
        return cls(
            data["name"],
            Path(data["folder"]),
            plan_from_json(data),
            data["arm"],
            data["showers"],
            data["seeds"],
            tuple(map(Path, data["test"])),
            data["jobs"],
        )


def train(
    arms: Sequence[Arm],
    test: HeldOut,
    files: Sequence[Path],
    seeds: int,
    folder: Path,
    jobs: int,
    report: Report,
) -> None:
    """Train every arm that has courses left to train, so many at a time.

    Args:
        arms, test, seeds, folder, report: as of :func:`~caloexport.training.adapt.compare.compare`.
        files: of the test showers.
        jobs: processes at a time.

    Raises:
        UsageError: the folder holds courses of another comparison.
        CaloexportError: a training failed; the others are ended, and their courses kept.
    """
    waiting = [
        ArmJob(arm.stem, folder.resolve() / arm.stem, arm.plan, arm.name, arm.showers, seeds,
               tuple(files), jobs)
        for arm in arms
        if any(own.read() is None for own in list(kept(arm, test, seeds, folder)))
    ]  # fmt: skip
    total = seeds * sum(arm.plan.schedule.updates for arm in arms)
    done = {job.name: 0 for job in waiting}
    before = total - seeds * sum(job.plan.schedule.updates for job in waiting)
    running: dict[str, ArmJob] = {}
    try:
        with contextlib.closing(Machine(jobs)) as place:
            while waiting or running:
                while waiting and place.free:
                    job = waiting.pop(0)
                    place.start(job)
                    running[job.name] = job
                text = _hear(place, done, running)
                report(before + sum(done.values()), text)
    finally:
        for job in running.values():  # ended in the middle of it: there is nothing to tell
            job.log.unlink(missing_ok=True)


def _hear(place: Place, done: dict[str, int], running: dict[str, ArmJob]) -> str:
    """Take in what was told; return a text of it."""
    text = ""
    for name, message in place.hear(PATIENCE_S):
        if isinstance(message, Progress):
            done[name], text = message.done, message.text
        elif isinstance(message, Ended):
            job = running.pop(name)
            done[name] = job.seeds * job.plan.schedule.updates
            _require_finished(name, message)
    return text


def _require_finished(name: str, ended: Ended) -> None:
    if ended.how == FINISHED:
        return
    if ended.error is not None:
        raise error_from_json(dict(ended.error))
    raise AnswerIsNo(f"{name} {ended.how}: {ended.reason}", hint=f"see {name}.log")
