"""``caloexport quickstart``."""

from __future__ import annotations

from pathlib import Path

import click

from caloexport.cli import console


@click.command()
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("report"), show_default=True,
    metavar="DIR", help="Folder to make.",
)  # fmt: skip
@click.option("--threads", type=click.IntRange(1), default=2, show_default=True)
@console.seed_option
@console.json_option
def command(output: Path, threads: int, seed: int, as_json: bool) -> None:
    """Watch the whole path once: real showers, training, every format, proof, speed, physics.

    Leaves a folder with an index page; exits with 1 when the generated showers are not good
    enough.
    """
    from caloexport.quickstart import quickstart

    console.log("this takes two to four minutes on two cores")
    outcome = quickstart(output, console.stage, seed=seed, threads=threads)
    if as_json:
        console.emit(outcome.to_json())
    else:
        console.say(f"{output / 'index.html'}")
    for window in outcome.judgement.windows:
        console.log(window.summary())
    click.get_current_context().exit(0 if outcome.judgement.passed else 1)
