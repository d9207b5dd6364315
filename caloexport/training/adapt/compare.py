"""Adaptation beside other ways to the same generator, with gradient updates counted alike."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.files import atomic_output
from caloexport.training.adapt.arms import Arm
from caloexport.training.adapt.course import Place, course
from caloexport.training.adapt.held_out import HeldOut
from caloexport.training.plan import Plan
from caloexport.training.planned_data import planned_data
from caloexport.training.tensorflow_setup import prepare_tensorflow

SCHEMA = "caloexport.adapt-compare/1"
#: L1 distances of the normalised mean longitudinal profile, fixed beforehand
DISTANCES = (0.10, 0.05, 0.03)
#: what MetaHEP publishes, and why the two do not compare
PUBLISHED = (
    "MetaHEP: PbWO4 very good after 360 steps (18 s on a CPU); 400 steps take 20.48 s, 51 ms each, "
    "against 1200 s, 3 s each, for 400 steps of a training from scratch of the same network: these "
    "are epochs, not updates, so that the published 527 compares unlike steps "
    "(Phys. Lett. B 844 (2023) 138079)"
)

Report = Callable[[int, str], None]


@dataclass(frozen=True)
class Course:
    """The course of one training.

    Attributes:
        arm: what it starts from.
        showers: that it trains on.
        seed: of everything random in it.
        places: in order of updates, the first before any.
    """

    arm: str
    showers: int
    seed: int
    places: Sequence[Place]

    def reached(self, distance: float) -> Place | None:
        """Return the first place where every energy is within a distance; None if there is none."""
        return next((one for one in self.places if one.farthest <= distance), None)


def compare(
    arms: Sequence[Arm], test: HeldOut, seeds: int, folder: Path, report: Report
) -> list[Course]:
    """Train every arm with every seed, or read what was trained before.

    Args:
        arms: of :func:`~caloexport.training.adapt.arms.arms_of`.
        test: showers that none of them trains on.
        seeds: trainings of each.
        folder: for the courses, one file each, so that a comparison can be taken up again.
        report: called with the updates done of all, and a text.

    Raises:
        UsageError: the folder holds courses of another comparison.
        CaloexportError: as of a training.
    """
    found: list[Course] = []
    done = 0
    prepare_tensorflow(arms[0].plan.threads)
    for arm in arms:
        data = None
        for seed in range(seeds):
            path = folder / f"{arm.name.replace(' ', '-')}-{arm.showers}-{seed}.json"
            plan = dataclasses.replace(arm.plan, seed=arm.plan.seed + seed)
            asked = _digest(plan, test)
            places = _read(path, asked)
            if places is None:
                data = planned_data(arm.plan) if data is None else data
                text = f"{arm.name}, {arm.showers} showers, seed {seed}: "
                told = lambda n, near, done=done, text=text: report(done + n, text + near)
                places = course(plan, data, test, told)
                _write(path, places, asked)
            done += arm.plan.schedule.updates
            report(done, "")
            found.append(Course(arm.name, arm.showers, seed, places))
    return found


def updates_in_all(arms: Iterable[Arm], seeds: int) -> int:
    """Return how many updates a comparison takes, for progress."""
    return seeds * sum(arm.plan.schedule.updates for arm in arms)


@dataclass(frozen=True)
class Reached:
    """When a distance was reached, over seeds.

    Attributes:
        updates, updates_spread: mean and standard deviation; None where a seed did not reach it.
        seconds: mean.
        seeds: that reached it, of how many.
        of: how many there were.
    """

    updates: float | None
    updates_spread: float | None
    seconds: float | None
    seeds: int
    of: int

    def __str__(self) -> str:
        if self.updates is None:
            return f"not reached ({self.seeds} of {self.of})" if self.seeds else "not reached"
        spread = f" ± {self.updates_spread:.0f}" if self.updates_spread is not None else ""
        return f"{self.updates:.0f}{spread} ({self.seconds:.1f} s)"


def reached(courses: Sequence[Course], arm: str, showers: int, distance: float) -> Reached:
    """Return when an arm came within a distance at every energy."""
    own = [one for one in courses if (one.arm, one.showers) == (arm, showers)]
    places = [place for one in own if (place := one.reached(distance)) is not None]
    if len(places) < len(own):
        return Reached(None, None, None, len(places), len(own))
    updates = [place.updates for place in places]
    spread = statistics.stdev(updates) if len(updates) > 1 else None
    seconds = statistics.fmean(place.seconds for place in places)
    return Reached(statistics.fmean(updates), spread, seconds, len(places), len(own))


def to_json(courses: Sequence[Course], machine: Mapping[str, Any]) -> dict[str, Any]:
    """Return all courses, and when distances were reached."""
    pairs = list(dict.fromkeys((one.arm, one.showers) for one in courses))
    return {
        "schema": SCHEMA,
        "machine": dict(machine),
        "published": PUBLISHED,
        "reached": [
            {"arm": arm, "showers": n, "distance": d, **vars(reached(courses, arm, n, d))}
            for arm, n in pairs
            for d in DISTANCES
        ],
        "courses": [
            {
                "arm": one.arm,
                "showers": one.showers,
                "seed": one.seed,
                "places": [place.to_json() for place in one.places],
            }
            for one in courses
        ],
    }


def _digest(plan: Plan, test: HeldOut) -> str:
    """Return what tells a training, and what it is held against, from others."""
    asked = (plan.to_toml(), plan.hashes, plan.start_hash)
    content = json.dumps(asked, sort_keys=True).encode() + test.profiles.tobytes()
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, places: Sequence[Place], asked: str) -> None:
    told = {"asked": asked, "places": [place.to_json() for place in places]}
    with atomic_output(path) as temporary:
        temporary.write_text(json.dumps(told), encoding="utf-8")


def _read(path: Path, asked: str) -> list[Place] | None:
    if not path.exists():
        return None
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        same = told["asked"] == asked
        found = [Place.from_json(one) for one in told["places"]]
    except (ValueError, KeyError, TypeError) as error:
        message = f"is damaged: {error!r}"
        raise InputFileError(message, where=str(path), hint="delete it to train anew") from error
    if not same:
        message = "is of a comparison with other settings, showers or weights"
        hint = "compare in another folder (-o), or delete this one's courses"
        raise UsageError(message, where=str(path), hint=hint)
    return found
