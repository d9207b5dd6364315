"""``caloexport adapt``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from caloexport.cli import console


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--data", "data", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
    help="Shower file of what to adapt to; repeatable.",
)  # fmt: skip
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), metavar="RUN2",
    help="Folder to make, or to go on with.",
)  # fmt: skip
@click.option("--steps", type=click.IntRange(1), help="Updates of the weights.  [default: 400]")
@click.option(
    "--showers", type=click.IntRange(1), metavar="N", multiple=True,
    help="Train on so many showers of each file.  [default: all; with --compare 100, 300 and 1000]",
)  # fmt: skip
@click.option(
    "--until", type=click.FloatRange(0, min_open=True), metavar="D",
    help="End when the mean longitudinal profile is this close (L1, at every energy).",
)  # fmt: skip
@click.option(
    "--every", type=click.IntRange(1), metavar="K",
    help="Steps between two evaluations and checkpoints.  [default: a quarter of --steps]",
)  # fmt: skip
@click.option(
    "--keep", type=click.IntRange(1), metavar="N", multiple=True,
    help="Keep the decoder after N steps too, in RUN2/steps; repeatable.",
)  # fmt: skip
@click.option(
    "--keep-every", type=click.IntRange(1), metavar="K",
    help="Keep the decoder after every K steps too.",
)  # fmt: skip
@click.option(
    "--low-rank", type=click.IntRange(1), metavar="R",
    help="Train few weights: a change of rank R of the last layer, and the small layers; with "
    "--compare in a further arm.",
)  # fmt: skip
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE.toml",
    help="Settings laid over those of RUN; with --resume, other learning rates.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Random seed.  [default: 0]")
@click.option("--threads", type=click.IntRange(1), help="Threads of TensorFlow.  [default: 1]")
@click.option("--resume", is_flag=True, help="Go on with RUN2 from its last checkpoint.")
@click.option(
    "--compare", is_flag=True,
    help="Instead, compare with training from scratch: when does the profile get how close?",
)  # fmt: skip
@click.option(
    "--test", "test", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
    help="With --compare: showers at single energies, which nothing trains on; repeatable.",
)  # fmt: skip
@click.option(
    "--against", multiple=True, metavar="NAME=RUN",
    help="With --compare: a further run to fine-tune; repeatable.",
)  # fmt: skip
@click.option(
    "--scratch", multiple=True, metavar="NAME=FILE.toml",
    help="With --compare: fresh weights with settings laid over; repeatable.",
)  # fmt: skip
@click.option(
    "--seeds", type=click.IntRange(1), metavar="N",
    help="With --compare: trainings of each kind.  [default: 3]",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(1), metavar="N",
    help="With --compare: trainings at a time, in processes of their own.  [default: 1]",
)  # fmt: skip
@console.json_option
def command(
    run: Path, data: tuple[Path, ...], output: Path, steps: int | None, showers: tuple[int, ...],
    until: float | None, every: int | None, keep: tuple[int, ...], keep_every: int | None,
    low_rank: int | None, config: Path | None, seed: int | None, threads: int | None, resume: bool,
    compare: bool, test: tuple[Path, ...], against: tuple[str, ...], scratch: tuple[str, ...],
    seeds: int | None, jobs: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Adapt the generator of RUN to other showers: a new detector, particle or angle.

    RUN is a run folder, best one that was trained by Reptile on several detectors, or a model with
    all its weights. RUN2 is a run like any other: convert, verify and bench take it.

    With --compare, RUN2 is a folder with the courses of trainings that start from RUN, from fresh
    weights and from further runs: tables, comparison.json and pictures.
    """
    wanted: dict[str, Any] = {
        "steps": steps, "low_rank": low_rank, "config": config, "seed": seed, "threads": threads,
    }  # fmt: skip
    if compare:
        if resume or until or every or keep or keep_every:
            raise click.UsageError("--compare takes no --resume, --until, --every or --keep")
        options = {name: value for name, value in wanted.items() if value is not None}
        options["scratch"] = _named(scratch, "--scratch", "FILE.toml")
        others = _named(against, "--against", "RUN")
        numbers = (seeds or 3, jobs or 1)
        _compare(run, data, output, showers, test, others, numbers, options, as_json)
        return
    if test or against or scratch or seeds or jobs:
        raise click.UsageError("--test, --against, --scratch, --seeds, --jobs need --compare")
    if len(showers) > 1:
        raise click.UsageError("several --showers need --compare")
    most = showers[0] if showers else None
    wanted |= {"data": data or None, "most": most, "evaluate_every": every}
    wanted |= {"keep": keep or None, "keep_every": keep_every}
    _adapt(run, output, wanted, until, resume, as_json)


def _adapt(
    run: Path, output: Path, wanted: dict[str, Any], until: float | None, resume: bool,
    as_json: bool,
) -> None:  # fmt: skip
    from caloexport.cli.train import run_to_the_end
    from caloexport.training.adapt.start import prepare, speed
    from caloexport.training.adapt.until import Until

    with console.progress("read showers", max(len(wanted["data"] or ()), 1)) as advance:
        training = prepare(run, output, wanted, resume=resume, report=advance)
    for one in training.plan.beyond:
        console.complain(f"warning: {one}")
    goal = Until(until or 0.0)
    run_to_the_end(training, f"adapt {run.name}", as_json, goal.reached)
    console.log(speed(training))
    if until and goal.updates is None:
        console.complain(f"the longitudinal profile has not come within {until:g}")
        click.get_current_context().exit(1)


def _compare(
    run: Path, data: tuple[Path, ...], output: Path, showers: tuple[int, ...],
    test: tuple[Path, ...], others: dict[str, Path], numbers: tuple[int, int],
    options: dict[str, Any], as_json: bool,
) -> None:  # fmt: skip
    from caloexport.runtime.files import require_place
    from caloexport.training.adapt import compare, side_by_side
    from caloexport.training.adapt.arms import arms_of
    from caloexport.training.adapt.held_out import read_held_out
    from caloexport.training.adapt.outcome import write_outcome
    from caloexport.training.adapt.table import comparison_tables

    if not test:
        raise click.UsageError("--compare needs --test: showers that nothing trains on")
    seeds, jobs = numbers
    steps = options.pop("steps", 2000)
    require_place(output, folder=True)
    arms = arms_of(run, others, data, steps, showers or (100, 300, 1000), **options)
    held_out = read_held_out(test, arms[0].plan.hashes)
    for one in arms[0].plan.beyond:
        console.complain(f"warning: {one}")
    if held_out.without_fpd:
        console.log(f"no FPD: {held_out.without_fpd}")
    output.mkdir(exist_ok=True)
    try:
        with console.progress("compare", compare.updates_in_all(arms, seeds)) as advance:
            if jobs > 1:
                side_by_side.train(arms, held_out, test, seeds, output, jobs, advance)
            courses = compare.compare(arms, held_out, seeds, output, advance)
    except KeyboardInterrupt:
        console.log("trainings that have ended are kept; the same command goes on with the others")
        raise
    told = write_outcome(courses, arms, held_out, output)
    if as_json:
        console.emit(told)
        return
    for table in comparison_tables(told):
        console.say(table)
    console.say(f"published: {told['published']}")
    console.say(str(output))


def _named(given: tuple[str, ...], option: str, kind: str) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for text in given:
        name, sign, path = text.partition("=")
        if not sign or not name or not path:
            raise click.UsageError(f"{option} is {text!r}, expected NAME={kind}")
        if name in found:
            raise click.UsageError(f"{option} names '{name}' twice")
        found[name] = Path(path)
    return found
