"""``caloexport tune``."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import click

from caloexport.cli import console


@click.command()
@click.argument("family")
@click.option(
    "--data", "data", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
    help="Shower file; repeat it for several detectors or energies.",
)  # fmt: skip
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), metavar="SEARCH",
    help="Folder to make, or to go on with.",
)  # fmt: skip
@click.option(
    "--trials", type=click.IntRange(1), metavar="N", help="Trials to finish, pruned ones included."
)
@click.option(
    "--updates", type=click.IntRange(1), help="Updates of the weights in each run of a trial."
)
@click.option(
    "--seeds-per-trial", type=click.IntRange(1), metavar="K",
    help="Runs whose mean score a trial is ranked by.  [default: 2]",
)  # fmt: skip
@click.option("--jobs", type=click.IntRange(1), help="Trials at a time.  [default: 1]")
@click.option(
    "--space", type=click.Path(path_type=Path), metavar="FILE.toml",
    help="Ranges of settings laid over the family's own.",
)  # fmt: skip
@click.option("--preset", help="Named settings to start from; without it the family's default.")
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE.toml",
    help="Settings laid over the preset.",
)  # fmt: skip
@click.option(
    "--storage", envvar="CALOEXPORT_STORAGE", metavar="FILE|URL",
    help="Where Optuna keeps the trials: a file, or a database.  [default: in SEARCH]",
)  # fmt: skip
@click.option(
    "--scheduler", metavar="ADDRESS",
    help="Train on a Dask cluster, at the address of its scheduler.",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1),
    help="Seed of the search, and of each trial's first run.  [default: 0]",
)  # fmt: skip
@click.option("--threads", type=click.IntRange(1), help="Threads of each run.  [default: 1]")
@click.option("--resume", is_flag=True, help="Go on with SEARCH.")
@console.json_option
def command(
    family: str,
    output: Path,
    jobs: int | None,
    scheduler: str | None,
    resume: bool,
    as_json: bool,
    **wanted: Any,
) -> None:
    """Search the settings with which a generator of FAMILY scores best.

    Every trial trains with other settings, chosen by Optuna; those that do worse than others did
    at the same point are pruned. Ctrl-C saves, and --resume goes on. The best settings are left in
    best.toml, for train --config.
    """
    from caloexport.training.runs.where import place_for
    from caloexport.training.tune import result
    from caloexport.training.tune.start import search

    with search(family, output, wanted, resume=resume) as work:
        try:
            with contextlib.closing(place_for(jobs, scheduler)) as place, console.live() as show:
                found = work.run(place, show)
        except KeyboardInterrupt:
            console.log("saved; go on with --resume")
            raise
        trials = work.study.trials()
    if as_json:
        console.emit(found)
    else:
        for table in result.tables(found, trials):
            console.say(table)
        console.say(result.train_command(found, work.plan.data))
