"""Courses of trainings, each kept in a file of its own, so that a comparison can be taken up again."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.files import atomic_output
from caloexport.training.adapt.arms import Arm
from caloexport.training.adapt.held_out import LONGITUDINAL, HeldOut
from caloexport.training.adapt.place import Place
from caloexport.training.plan import Plan

#: of the files
VERSION = 3


@dataclass(frozen=True)
class Course:
    """The course of one training.

    Attributes:
        arm: what it starts from.
        showers: that it trains on.
        seed: of everything random in it.
        places: in order of updates, the first before any; the last before all are done where the
            training diverged.
        jobs: courses that ran side by side, which its seconds depend on.
    """

    arm: str
    showers: int
    seed: int
    places: Sequence[Place]
    jobs: int = 1

    def reached(self, distance: float) -> Place | None:
        """Return the first place where every energy is within a distance; None if there is none."""
        return next((one for one in self.places if one.farthest <= distance), None)


@dataclass(frozen=True)
class Kept:
    """The file of one course.

    Attributes:
        path: of it.
        arm: what is trained.
        seed: counted from 0.
        asked: tells the training, and what it is held against, from others.
    """

    path: Path
    arm: Arm
    seed: int
    asked: str

    @property
    def plan(self) -> Plan:
        """Of this seed."""
        return plan_of(self.arm, self.seed)

    def write(self, places: Sequence[Place], jobs: int) -> None:
        """Write the course."""
        told = {"asked": self.asked, "jobs": jobs, "places": [place.to_json() for place in places]}
        with atomic_output(self.path) as temporary:
            temporary.write_text(json.dumps(told), encoding="utf-8")

    def read(self) -> Course | None:
        """Return the course; None where there is none yet.

        Raises:
            InputFileError: a damaged file.
            UsageError: it is of another comparison.
        """
        if not self.path.exists():
            return None
        try:
            told = json.loads(self.path.read_text(encoding="utf-8"))
            if told["asked"] != self.asked:
                message = "is of a comparison with other settings, showers or weights"
                hint = "compare in another folder (-o), or delete this one's courses"
                raise UsageError(message, where=str(self.path), hint=hint)
            places = [Place.from_json(one) for one in told["places"]]
            return Course(self.arm.name, self.arm.showers, self.seed, places, int(told["jobs"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            message = f"is damaged: {error!r}"
            hint = "delete it to train anew"
            raise InputFileError(message, where=str(self.path), hint=hint) from error


def plan_of(arm: Arm, seed: int) -> Plan:
    """Return the plan of an arm's training with a seed, counted from 0."""
    return dataclasses.replace(arm.plan, seed=arm.plan.seed + seed)


def kept(arm: Arm, test: HeldOut, seeds: int, folder: Path) -> Iterator[Kept]:
    """Give the files of an arm's courses, one for each seed."""
    for seed in range(seeds):
        plan = plan_of(arm, seed)
        asked = (VERSION, plan.to_toml(), plan.hashes, plan.start_hash, test.to_json()["showers"])
        content = json.dumps(asked, sort_keys=True).encode() + test.seen[LONGITUDINAL].tobytes()
        digest = hashlib.sha256(content).hexdigest()
        yield Kept(folder / f"{arm.stem}-{seed}.json", arm, seed, digest)
