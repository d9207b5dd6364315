"""``caloexport train``."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from caloexport.cli import console

if TYPE_CHECKING:
    from caloexport.training.loop import OnScore
    from caloexport.training.scoring.score import Scored
    from caloexport.training.training import Training


@click.command()
@click.argument("family")
@click.option(
    "--data", "data", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
    help="Shower file; repeat it for several detectors or angles.",
)  # fmt: skip
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), metavar="RUN",
    help="Folder to make, or to go on with.",
)  # fmt: skip
@click.option("--preset", help="Named settings; without it the family's default.")
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE.toml",
    help="Settings laid over the preset; with --resume, other learning rates and penalties.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Random seed.  [default: 0]")
@click.option("--epochs", type=click.IntRange(1), help="Passes over the showers.")
@click.option(
    "--updates", type=click.IntRange(1), help="Updates of the weights, instead of epochs."
)
@click.option("--threads", type=click.IntRange(1), help="Threads of TensorFlow.  [default: 1]")
@click.option("--resume", is_flag=True, help="Go on with RUN from its last checkpoint.")
@click.option(
    "--seeds", type=click.IntRange(1), metavar="N",
    help="Train N times, with the seed and those that follow it; RUN holds a run for each.",
)  # fmt: skip
@click.option("--jobs", type=click.IntRange(1), help="Seeds to train at a time.  [default: 1]")
@console.json_option
def command(
    family: str,
    data: tuple[Path, ...],
    output: Path,
    preset: str | None,
    config: Path | None,
    seed: int | None,
    epochs: int | None,
    updates: int | None,
    threads: int | None,
    resume: bool,
    seeds: int | None,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Train a generator of FAMILY on showers and leave the run in a folder.

    A tenth of the showers is held back; the decoder that generates them best is kept. Ctrl-C
    saves, and --resume goes on to the same weights as if nothing had happened.

    With --seeds the result is a table of mean ± standard deviation over the seeds, for a single
    training tells little: another seed may score twice as well.
    """
    from caloexport.training.seeds.folder import is_of_seeds

    wanted: dict[str, Any] = {"data": data, "preset": preset, "config": config}
    wanted |= {"seed": seed, "epochs": epochs, "updates": updates, "threads": threads}
    if seeds or (resume and is_of_seeds(output)):
        _train_seeds(family, output, wanted, seeds, jobs, resume, as_json)
        return
    if jobs:
        raise click.UsageError("--jobs needs --seeds")
    _train(family, output, wanted, resume, as_json)


def _train(family: str, output: Path, wanted: dict[str, Any], resume: bool, as_json: bool) -> None:
    from caloexport.training import start
    from caloexport.training.coverage import gaps

    data = wanted["data"]
    with console.progress("read showers", max(len(data), 1)) as advance:
        training = start.prepare(family, output, wanted, resume=resume, report=advance)
    if training.data.left_out is not None:
        left_out, n = int(training.data.left_out.sum()), len(training.data.showers)
        console.log(f"{left_out} of {n} showers are left out (at_most, largest_response)")
    for gap in gaps(training.plan.config.get("contract"), training.trainer.sampling.conditions):
        console.log(gap)
    run_to_the_end(training, f"train {family}", as_json)


def run_to_the_end(
    training: Training,
    title: str,
    as_json: bool,
    on_score: OnScore = lambda updates, scored: False,
) -> None:
    """Train, draw the curves and tell each evaluation while it goes on, and print what came out."""
    from caloexport.training import loop, start
    from caloexport.training.curves.picture import write_curves
    from caloexport.training.curves.terminal import Live
    from caloexport.training.scores_table import tables
    from caloexport.training.status import evaluation

    def tell(updates: int, scored: Scored) -> bool:
        console.log(evaluation(training.history[-1]))
        return on_score(updates, scored)

    curves = Live(training.history)
    try:
        with console.progress(title, training.total, curves.drawing) as advance:
            scores = loop.run(training, advance, tell)
    except KeyboardInterrupt:
        console.log(f"saved after {training.progress.updates} updates; go on with --resume")
        raise
    finally:
        console.log(write_curves(training.history, training.folder.path))
    if as_json:
        console.emit(start.summary(training, scores))
        return
    for table in tables(scores):
        console.say(table)
    console.say(start.kept(training))
    console.say(str(training.folder.path))


def _train_seeds(
    family: str,
    output: Path,
    wanted: dict[str, Any],
    seeds: int | None,
    jobs: int | None,
    resume: bool,
    as_json: bool,
) -> None:
    from caloexport.training.runs.machine import Machine
    from caloexport.training.seeds import result
    from caloexport.training.seeds.series import train_seeds

    try:
        with contextlib.closing(Machine(jobs or 1)) as place, console.live() as show:
            found = train_seeds(
                family, output, wanted, place, seeds=seeds, resume=resume, show=show
            )
    except KeyboardInterrupt:
        console.log("saved; go on with --resume")
        raise
    if as_json:
        console.emit(found)
    else:
        for table in result.tables(found):
            console.say(table)
        console.say(str(output))
    lacking = result.lacking(found)
    if lacking:
        console.complain(lacking)
        click.get_current_context().exit(1)
