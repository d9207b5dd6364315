"""Milliseconds per update, with the input pipeline and on one fixed batch in memory.

    python -m caloexport.training.step_cost FILE.h5 [FILE.h5 …]

The two are measured in turn, so that a busy machine slows both alike. For comparison, MetaHEP
reports 400 adaptation steps of the same network in 20.48 s, 51 ms per step, on a processor that
is not named (Phys. Lett. B 844 (2023) 138079 and its manual).
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import click

from caloexport.training.families import Trainer

PUBLISHED_MS = 51.2


@dataclass(frozen=True)
class StepCost:
    """Milliseconds per update: lower quartiles, for the upper half measures other programs.

    Attributes:
        streamed_ms: making the batch and updating.
        fixed_ms: updating on one batch that stays in memory.
        batch: showers per update.
    """

    streamed_ms: float
    fixed_ms: float
    batch: int

    @property
    def ratio(self) -> float:
        """What the input pipeline costs: streamed over fixed."""
        return self.streamed_ms / self.fixed_ms

    def __str__(self) -> str:
        return (
            f"batch {self.batch}: {self.streamed_ms:.1f} ms/update from the pipeline, "
            f"{self.fixed_ms:.1f} ms/update on a fixed batch, ratio {self.ratio:.3f} "
            f"(published adaptation: {PUBLISHED_MS} ms/step, batch and processor not told)"
        )


def measure(trainer: Trainer, updates: int = 40) -> StepCost:
    """Time updates of both kinds in turn; the weights change.

    Args:
        trainer: the generator.
        updates: of each kind.
    """
    fixed = trainer.inputs(0)
    for _ in range(3):  # compile and warm up
        trainer.apply(fixed, 1e-4, with_loss=False)
    streamed_ms, fixed_ms = [], []
    for number in range(updates):
        begun = time.perf_counter()
        trainer.apply(trainer.inputs(number), 1e-4, with_loss=False)
        between = time.perf_counter()
        trainer.apply(fixed, 1e-4, with_loss=False)
        streamed_ms.append((between - begun) * 1e3)
        fixed_ms.append((time.perf_counter() - between) * 1e3)
    streamed, fixed_only = (statistics.quantiles(x, n=4)[0] for x in (streamed_ms, fixed_ms))
    return StepCost(streamed, fixed_only, trainer.batches.size)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--family", default="fastv", show_default=True)
@click.option("--preset", default="metahep", show_default=True)
@click.option("--batch", type=click.IntRange(2), help="Showers per update.")
@click.option("--updates", default=40, show_default=True, help="Updates of each kind.")
def main(
    files: tuple[Path, ...], family: str, preset: str, batch: int | None, updates: int
) -> None:
    """Time updates on showers of FILES."""
    from caloexport.training.data import load
    from caloexport.training.families import families
    from caloexport.training.plan import new_plan
    from caloexport.training.tensorflow_setup import prepare_tensorflow

    overrides = {} if batch is None else {"batch": batch}
    plan = new_plan(family, files, preset=preset, overrides=overrides)
    prepare_tensorflow(plan.threads)
    data = load(plan.data, plan.schedule.held_back)
    click.echo(measure(families[family].trainer(plan.config, data, plan.seed), updates))


if __name__ == "__main__":
    main()
