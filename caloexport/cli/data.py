"""``caloexport data``: look at shower files and convert them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from caloexport.cli import console

_path = click.Path(path_type=Path)
_binning = click.option("--binning", help="Binning XML, or the name of a shipped one.")
_particle = click.option("--particle", help="Entry of the binning file: photon, pion, ...")
_stored_order = click.option(
    "--stored-order", help="Order of flat showers in the file, if not layer-phi-r: layer-r-phi."
)
_mesh = click.option(
    "--mesh", help="Cells of the file, if it does not tell: r, phi, z as 18x50x45:2.325mm,3.4mm."
)


def _open(
    path: Path, binning: str | None, particle: str | None, order: str | None, mesh: str | None
) -> Any:
    from caloexport.showers import open_showers
    from caloexport.showers.mesh_text import parse_mesh
    from caloexport.showers.order import parse_order

    return open_showers(
        path,
        binning,
        particle=particle,
        order=None if order is None else parse_order(order),
        mesh=None if mesh is None else parse_mesh(mesh),
    )


@click.group()
def command() -> None:
    """Look at shower files and convert them."""


@command.command()
@click.argument("file", type=_path)
@_binning
@_particle
@_stored_order
@_mesh
@console.json_option
def info(
    file: Path,
    binning: str | None,
    particle: str | None,
    stored_order: str | None,
    mesh: str | None,
    as_json: bool,
) -> None:
    """Say what FILE holds: layout, mesh, conditions, response, occupancy, units."""
    from caloexport.report.shower_table import shower_table
    from caloexport.showers.information import describe

    with (
        _open(file, binning, particle, stored_order, mesh) as showers,
        console.progress(f"read {file}", showers.n) as advance,
    ):
        found = describe(showers, lambda done, total, text: advance(done, text))
    if as_json:
        console.emit(found)
    else:
        console.say(shower_table(found))


@command.command()
@click.argument("source", metavar="IN", type=_path)
@click.argument("target", metavar="OUT", type=_path)
@click.option(
    "--format",
    "format",
    required=True,
    help="HDF5: calochallenge, par04, par04-zenodo; ROOT: par04-root, tree-root, cells-root.",
)
@click.option("--order", help="Order of the cells in OUT, where its format leaves the choice.")
@_binning
@_particle
@_stored_order
@_mesh
@click.option("--energy", type=console.QuantityRange("energy"), metavar="E|LOW..HIGH",
              help="Write the showers of these energies only, e.g. 1GeV..64GeV.")  # fmt: skip
@click.option(
    "--compact", is_flag=True, help="Round energies to float16 (by at most 0.2 %), half the size."
)
def convert(
    source: Path,
    target: Path,
    format: str,
    order: str | None,
    binning: str | None,
    particle: str | None,
    stored_order: str | None,
    mesh: str | None,
    energy: tuple[float, float] | None,
    compact: bool,
) -> None:
    """Write the showers of IN, or those of some energies, in a layout.

    Cells are reordered, energies never rescaled, and rounded by --compact only: a factor such as
    the 1/0.033 of CaloChallenge sets 2 and 3 stays in them.
    """
    from caloexport.showers.chosen import with_energies
    from caloexport.showers.facts import unit_facts
    from caloexport.showers.order import parse_order
    from caloexport.showers.write import convert_showers

    with _open(source, binning, particle, stored_order, mesh) as whole:
        showers = whole if energy is None else with_energies(whole, *energy)
        with console.progress(f"convert {source}", showers.n) as advance:
            convert_showers(
                showers,
                target,
                format,
                order=None if order is None else parse_order(order),
                compact=compact,
                report=lambda done, total, text: advance(done, text),
            )
        scale = unit_facts(showers)
    if energy is not None:
        console.log(f"{showers.n} of {whole.n} showers")
    factor = scale["note"] or f"factor {scale['energy_scale']:g} on the deposited energy"
    kept = "rounded by at most 0.2 %, not rescaled" if compact else "unchanged"
    console.log(f"energies {kept} ({factor})")
    if showers.stored_dtype == "float64" and not compact:
        console.log("float64 energies were rounded to float32 (relative 6e-8)")
    console.say(str(target))
