"""``caloexport inspect``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from caloexport.cli import console

if TYPE_CHECKING:
    from caloexport.converters.readers import Choices


@click.command()
@click.argument("model", type=click.Path(path_type=Path))
@console.model_options
@console.json_option
def command(model: Path, choices: Choices, as_json: bool) -> None:
    """Show the layers of MODEL, its cost, and what each target and contract says to it."""
    from caloexport.inspection import inspect_model

    with console.patience(f"inspect {model}"):
        report = inspect_model(model, choices)
    if as_json:
        console.emit(report.to_json())
        return
    for part in report.tables():
        console.say(part)
