"""Adaptation beside other ways to the same generator, with gradient updates counted alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from caloexport.training.adapt.arms import Arm
from caloexport.training.adapt.course import course
from caloexport.training.adapt.courses import Course, kept
from caloexport.training.adapt.held_out import HeldOut
from caloexport.training.adapt.too_few import too_few
from caloexport.training.batches import TooFewShowers
from caloexport.training.planned_data import planned_data
from caloexport.training.tensorflow_setup import prepare_tensorflow

Report = Callable[[int, str], None]


def compare(
    arms: Sequence[Arm],
    test: HeldOut,
    seeds: int,
    folder: Path,
    report: Report,
    jobs: int = 1,
) -> list[Course]:
    """Train every arm with every seed, or read what was trained before.

    Args:
        arms: of :func:`~caloexport.training.adapt.arms.arms_of`.
        test: showers that none of them trains on.
        seeds: trainings of each.
        folder: for the courses, one file each.
        report: called with the updates done of all, and a text.
        jobs: courses that run side by side, other processes' among them.

    Raises:
        UsageError: the folder holds courses of another comparison, or too few showers.
        CaloexportError: as of a training.
    """
    found: list[Course] = []
    done = 0
    for arm in arms:
        data = None
        for own in kept(arm, test, seeds, folder):
            there = own.read()
            if there is None:
                prepare_tensorflow(arm.plan.threads)
                data = planned_data(arm.plan) if data is None else data
                text = f"{arm.name}, {arm.showers} showers, seed {own.seed}: "
                told = lambda n, near, done=done, text=text: report(done + n, text + near)
                try:
                    own.write(course(own.plan, data, test, told), jobs)
                except TooFewShowers as error:
                    raise too_few(own.plan, error) from None
                there = own.read()
                assert there is not None
            found.append(there)
            done += arm.plan.schedule.updates
            report(done, "")
    return found


def updates_in_all(arms: Iterable[Arm], seeds: int) -> int:
    """Return how many updates a comparison takes, for progress."""
    return seeds * sum(arm.plan.schedule.updates for arm in arms)
