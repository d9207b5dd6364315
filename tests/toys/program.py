"""``caloexport`` with the command ``simulate toy``, for tests that must kill a whole program."""

from __future__ import annotations

import json

import click

from caloexport.cli import main, simulate


@simulate.command.command("toy")
@simulate.simulation_options
@click.option("--settings", default="{}")
def toy(wanted: simulate.Wanted, making: simulate.Making, settings: str) -> None:
    """Simulate with the toy."""
    simulate.run_and_tell("toy", wanted, making, json.loads(settings))


if __name__ == "__main__":
    main.run()
