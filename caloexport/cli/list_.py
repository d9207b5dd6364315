"""``caloexport list``."""

from __future__ import annotations

import click

from caloexport.cli import console


@click.command("list")
@click.argument(
    "what",
    metavar="WHAT",
    type=click.Choice(
        [
            "backends",
            "targets",
            "contracts",
            "snippets",
            "formats",
            "layers",
            "families",
            "datasets",
            "detectors",
            "checks",
            "distances",
            "plugins",
        ]
    ),
)
@console.json_option
def command(what: str, as_json: bool) -> None:
    """List what this installation knows.

    WHAT is backends, targets, contracts, snippets, formats (that models come in), layers, families,
    datasets (formats of shower files), detectors (that can be simulated), checks (of generated
    showers), distances (of whole showers) or plugins.
    """
    from caloexport import catalogue

    rows = catalogue.rows(what)
    if as_json:
        console.emit({"schema": "caloexport.list/1", "what": what, "entries": rows})
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in rows[0] if rows else ["name"]:
        table.add_column(heading)
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    console.say(table)
