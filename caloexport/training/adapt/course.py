"""The course of one training: how far its showers are from full simulation after so many updates."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from caloexport.training.adapt.held_out import HeldOut
from caloexport.training.adapt.place import Place
from caloexport.training.ahead import Ahead
from caloexport.training.data import TrainingData
from caloexport.training.divergence import Diverged, require_finite_state
from caloexport.training.families import Trainer
from caloexport.training.plan import Plan
from caloexport.training.planned_trainer import planned_trainer, start_from
from caloexport.training.training import learning_rate

#: ratio of an evaluation's updates to those of the one before
GROWTH = 1.35
FIRST = 10


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
    started = time.perf_counter()
    start_from(plan, trainer)
    seconds = time.perf_counter() - started
    steps = plan.schedule.updates
    wanted = set(grid(steps))
    found = [_look(trainer, test, 0, seconds)]
    with Ahead(trainer.inputs, steps) as inputs:
        for number in range(steps):
            started = time.perf_counter()
            rate = learning_rate(plan.schedule, number, steps)
            try:
                trainer.apply(inputs(number), rate, with_loss=False)
                seconds += time.perf_counter() - started
                if number + 1 in wanted:
                    found.append(_look(trainer, test, number + 1, seconds))
            except Diverged:
                break
            report(number + 1, f"{found[-1].farthest:.3g}")
    return found


def _look(trainer: Trainer, test: HeldOut, updates: int, seconds: float) -> Place:
    require_finite_state(trainer.state())
    with TemporaryDirectory() as folder:
        decoder = Path(folder) / "decoder.keras"
        trainer.save_decoder(decoder)
        return Place(updates, seconds, test.distances(decoder, trainer.sampling))
