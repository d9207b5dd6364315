"""Milliseconds per update, with the input pipeline and on one fixed batch in memory.

    python -m caloexport.training.step_cost FILE.h5 … --family wgan-gp --preset atlas-dnncalosim

Pipeline, fixed batch, and the update's matrix products alone are measured in turn, so that a busy
machine slows all alike; shares are medians of ratios within a turn. Where another engine than
TensorFlow's computes updates ([step] in the settings), TensorFlow's take their turns too. A process for each number of
threads, as TensorFlow takes it once. For comparison, MetaHEP reports 400 adaptation steps of the
preset ``metahep`` in 20.48 s, 51 ms per step, on a processor that is not named (Phys. Lett. B 844
(2023) 138079 and its manual).
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from caloexport.training.extra_sections import STEP
from caloexport.training.matrix_products import Product, alone, products


@dataclass(frozen=True)
class Reference:
    """What the same updates cost in TensorFlow.

    Attributes:
        fixed_ms, processor_ms: as of ``StepCost``.
        faster, processor_faster: medians of ratios, on the clock and of processor time: its
            updates over the others.
    """

    fixed_ms: float
    processor_ms: float
    faster: float
    processor_faster: float

    def __str__(self) -> str:
        return (
            f"  TensorFlow's updates take {self.fixed_ms:.1f} ms, {self.processor_ms:.1f} of "
            f"processor time: {self.faster:.2f} and {self.processor_faster:.2f} times as long"
        )


@dataclass(frozen=True)
class StepCost:
    """Milliseconds per update: lower quartiles, for the upper half measures other programs.

    Attributes:
        threads: of TensorFlow.
        batch: showers per update.
        streamed_ms: making the batch and updating.
        fixed_ms: updating on one batch that stays in memory.
        processor_ms: of this, processor time of all threads.
        products_ms: processor time of the update's matrix products alone.
        ratio: what the input pipeline costs where nothing overlaps: streamed over fixed.
        share: of the update's processor time that its products take alone.
        products: their number.
        operations: multiplications and additions in them.
        reference: TensorFlow's own updates, if others were timed.
    """

    threads: int
    batch: int
    streamed_ms: float
    fixed_ms: float
    processor_ms: float
    products_ms: float
    ratio: float
    share: float
    products: int
    operations: int
    reference: Reference | None = None

    def __str__(self) -> str:
        return (
            f"{self.threads} thread{'s' * (self.threads > 1)}, batch {self.batch}: "
            f"{self.streamed_ms:.1f} ms/update from the pipeline, {self.fixed_ms:.1f} on a fixed "
            f"batch (ratio {self.ratio:.3f}), {self.processor_ms:.1f} ms of processor time\n"
            f"  {self.products} matrix products of {self.operations / 1e9:.3f} GFLOP take "
            f"{self.products_ms:.1f} ms of it alone (share {self.share:.2f}): "
            f"{self.operations / self.products_ms / 1e6:.0f} GFLOP/s; the whole update reaches "
            f"{self.operations / self.processor_ms / 1e6:.0f} per core"
            + (f"\n{self.reference}" if self.reference else "")
        )


def measure(trainer: Any, updates: int = 40, threads: int = 1, reference: Any = None) -> StepCost:
    """Time updates and their products in turn; the weights change.

    Args:
        trainer: the generator.
        updates: of each kind.
        threads: of TensorFlow, for the record.
        reference: the same generator whose ``step.update`` is the compiled update, if the other's
            is not.
    """
    fixed = trainer.inputs(0)
    plain = trainer if reference is None else reference
    fixed_plain = plain.inputs(0)
    listed = _products(plain, fixed_plain)
    only_products = alone(listed)
    for _ in range(3):  # compile and warm up
        trainer.apply(fixed, 1e-4, with_loss=False)
        only_products()
    streamed, stayed, multiplied, plainly = [], [], [], []
    for number in range(updates):
        streamed.append(_timed(partial(_stream, trainer, number)))
        stayed.append(_timed(partial(trainer.apply, fixed, 1e-4, with_loss=False)))
        multiplied.append(_timed(only_products))
        if reference is not None:
            plainly.append(_timed(partial(plain.apply, fixed_plain, 1e-4, with_loss=False)))
    return StepCost(
        threads,
        trainer.batches.size,
        _quartile([wall for wall, _ in streamed]),
        _quartile([wall for wall, _ in stayed]),
        _quartile([processor for _, processor in stayed]),
        _quartile([processor for _, processor in multiplied]),
        statistics.median(s[1] / f[1] for s, f in zip(streamed, stayed, strict=True)),
        statistics.median(m[1] / f[1] for m, f in zip(multiplied, stayed, strict=True)),
        len(listed),
        sum(product.operations for product in listed),
        _compared(plainly, stayed) if plainly else None,
    )


def _compared(plainly: list[tuple[float, float]], stayed: list[tuple[float, float]]) -> Reference:
    wall, processor = (
        statistics.median(p[clock] / s[clock] for p, s in zip(plainly, stayed, strict=True))
        for clock in (0, 1)
    )
    return Reference(
        _quartile([one for one, _ in plainly]), _quartile([one for _, one in plainly]),
        wall, processor,
    )  # fmt: skip


def _stream(trainer: Any, number: int) -> None:
    trainer.apply(trainer.inputs(number), 1e-4, with_loss=False)


def _products(trainer: Any, inputs: Any) -> list[Product]:
    """Return the products of an update."""
    update, seen = trainer.step.update, []

    def remembered(*arguments: Any) -> Any:
        seen.append(arguments)
        return update(*arguments)

    trainer.step.update = remembered
    trainer.apply(inputs, 1e-4, with_loss=False)
    trainer.step.update = update
    return products(update.get_concrete_function(*seen[0]).graph)


def _timed(run: Callable[[], Any]) -> tuple[float, float]:
    """Return milliseconds on the clock and of the processor."""
    wall, processor = time.perf_counter(), time.process_time()
    run()
    return (time.perf_counter() - wall) * 1e3, (time.process_time() - processor) * 1e3


def _quartile(values: list[float]) -> float:
    return statistics.quantiles(values, n=4)[0]


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--family", default="fastv", show_default=True)
@click.option("--preset", help="[default: the family's]")
@click.option("--config", type=click.Path(path_type=Path), help="TOML file laid over the preset.")
@click.option("--batch", type=click.IntRange(2), help="Showers per update.")
@click.option("--updates", default=40, show_default=True, help="Updates of each kind.")
@click.option("--threads", multiple=True, type=click.IntRange(1), help="[default: 1 and 2]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(
    files: tuple[Path, ...], family: str, preset: str | None, config: Path | None,
    batch: int | None, updates: int, threads: tuple[int, ...], as_json: bool,
) -> None:  # fmt: skip
    """Time updates on showers of FILES."""
    if len(threads) == 1:
        found = [_here(files, family, preset, config, batch, updates, threads[0])]
    else:
        given = ["--family", family, "--updates", str(updates), *map(str, files)]
        given += ["--preset", preset] if preset else []
        given += ["--config", str(config)] if config else []
        given += ["--batch", str(batch)] if batch else []
        found = [_elsewhere(given, number) for number in threads or (1, 2)]
    click.echo(
        json.dumps([asdict(cost) for cost in found]) if as_json else "\n".join(map(str, found))
    )


def _elsewhere(given: list[str], threads: int) -> StepCost:
    """Measure in a process of its own."""
    command = [sys.executable, "-m", "caloexport.training.step_cost", *given, "--json"]
    done = subprocess.run(
        [*command, "--threads", str(threads)], check=True, stdout=subprocess.PIPE, text=True
    )
    (cost,) = json.loads(done.stdout.splitlines()[-1])
    reference = cost.pop("reference")
    return StepCost(**cost, reference=Reference(**reference) if reference else None)


def _here(
    files: tuple[Path, ...], family: str, preset: str | None, config: Path | None,
    batch: int | None, updates: int, threads: int,
) -> StepCost:  # fmt: skip
    from caloexport.training.plan import new_plan, varied
    from caloexport.training.planned_data import planned_data
    from caloexport.training.planned_trainer import planned_trainer
    from caloexport.training.tensorflow_setup import prepare_tensorflow

    overrides = {} if batch is None else {"batch": batch}
    plan = new_plan(
        family, files, preset=preset, config=config, overrides=overrides, threads=threads
    )
    prepare_tensorflow(threads)
    data = planned_data(plan)
    reference = None
    if STEP in plan.config:
        plainly = varied(plan, {STEP: {"engine": "tensorflow"}}, STEP)
        reference = planned_trainer(plainly, data)
    return measure(planned_trainer(plan, data), updates, threads, reference)


if __name__ == "__main__":
    main()
