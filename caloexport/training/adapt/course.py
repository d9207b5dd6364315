"""The course of one training: how far the mean profile is after so many updates."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from caloexport.training.adapt.held_out import HeldOut
from caloexport.training.ahead import Ahead
from caloexport.training.data import TrainingData
from caloexport.training.divergence import Diverged, require_finite_state
from caloexport.training.families import Trainer
from caloexport.training.plan import Plan
from caloexport.training.planned_trainer import planned_trainer, start_from
from caloexport.training.training import learning_rate
from caloexport.validation.estimate import Estimate

#: ratio of an evaluation's updates to those of the one before
GROWTH = 1.35
FIRST = 10


@dataclass(frozen=True)
class Place:
    """Where a training stands after some updates.

    Attributes:
        updates: done.
        seconds: that they took, evaluations left out.
        distances: of the normalised mean longitudinal profile, by energy in MeV.
    """

    updates: int
    seconds: float
    distances: dict[float, Estimate]

    @property
    def farthest(self) -> float:
        """The largest distance over energies."""
        return max(one.value for one in self.distances.values())

    def to_json(self) -> dict[str, Any]:
        """Return the place as JSON."""
        told = {f"{e:g}": one.to_json() for e, one in self.distances.items()}
        return {"updates": self.updates, "seconds": self.seconds, "distances": told}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Place:
        """Read what ``to_json`` wrote; KeyError, TypeError or ValueError if it did not."""
        distances = {float(e): Estimate(**d) for e, d in told["distances"].items()}
        return cls(int(told["updates"]), float(told["seconds"]), distances)


def grid(steps: int) -> list[int]:
    """Return the updates after which a training is looked at: 0, then ever rarer.

    >>> grid(40)
    [0, 10, 14, 18, 25, 33, 40]
    """
    found, at = [0], float(FIRST)
    while at < steps:
        found.append(round(at))
        at *= GROWTH
    return [*found, steps]


def course(
    plan: Plan, data: TrainingData, test: HeldOut, report: Callable[[int, str], None]
) -> list[Place]:
    """Train and look from time to time; one that diverges ends early.

    Args:
        plan: of the training.
        data: its showers.
        test: others, to compare with.
        report: called after every update.
    """
    trainer = planned_trainer(plan, data)
    start_from(plan, trainer)
    steps, wanted = plan.schedule.updates, grid(plan.schedule.updates)
    found, seconds = [_look(trainer, test, 0, 0.0)], 0.0
    with Ahead(trainer.inputs, steps) as inputs:
        for number in range(steps):
            started = time.perf_counter()
            rate = learning_rate(plan.schedule, number, steps)
            try:
                trainer.apply(inputs(number), rate, with_loss=False)
            except Diverged:
                break
            seconds += time.perf_counter() - started
            report(number + 1, f"{found[-1].farthest:.3g}")
            if number + 1 in wanted:
                require_finite_state(trainer.state())
                found.append(_look(trainer, test, number + 1, seconds))
    return found


def _look(trainer: Trainer, test: HeldOut, updates: int, seconds: float) -> Place:
    with TemporaryDirectory() as folder:
        decoder = Path(folder) / "decoder.keras"
        trainer.save_decoder(decoder)
        return Place(updates, seconds, test.distances(decoder, trainer.sampling))
