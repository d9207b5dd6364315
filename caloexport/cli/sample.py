"""``caloexport sample``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from caloexport.cli import console


@click.command()
@click.argument("artifact", type=click.Path(path_type=Path))
@click.option("-n", "showers", type=click.IntRange(1, 2**24), default=100, show_default=True)
@click.option("--energy", type=console.Quantity("energy"), help="Incident energy, e.g. 50GeV.")
@click.option("--theta", type=console.Quantity("angle"), help="Polar angle, e.g. 90deg.")
@click.option("--phi", type=console.Quantity("angle"), help="Azimuth, e.g. 0deg.")
@click.option("--geometry", help="Detector, for a generator of several.")
@click.option(
    "--condition", "others", multiple=True, metavar="NAME=VALUE",
    help="Any other condition, in the unit of its name: pconfig=2, ripos_eta=0.01. Repeatable.",
)  # fmt: skip
@click.option("--backend", help="numpy or numba; numba when installed.")
@click.option(
    "--out-of-range", type=click.Choice(["error", "clamp", "extrapolate"]), default="error",
    show_default=True, help="What to do with conditions outside the trained range.",
)  # fmt: skip
@click.option(
    "--format", "format_name",
    help="Layout of the file.  [default: par04 for cylinders, else calochallenge]",
)  # fmt: skip
@click.option(
    "--readout", type=click.Path(path_type=Path), metavar="FILE.toml",
    help="Write the hits in the cells of this detector instead of the showers.",
)  # fmt: skip
@click.option(
    "--entry", metavar="X,Y",
    help="Where particles enter the readout: 1mm,2mm or ranges, -5mm..5mm,-5mm..5mm.  [0mm,0mm]",
)  # fmt: skip
@console.seed_option
@console.output_option
@console.json_option
def command(
    artifact: Path, showers: int, energy: float | None, theta: float | None, phi: float | None,
    geometry: str | None, others: tuple[str, ...], backend: str | None, out_of_range: str,
    format_name: str | None, readout: Path | None, entry: str | None, seed: int,
    output: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Sample showers from ARTIFACT (or a run folder) into an HDF5 file.

    Shower i depends on the seed, i and the conditions only.
    """
    from caloexport.sampling import sample_hits, sample_to_file
    from caloexport.showers.entries import parse_entries

    given = {"energy_mev": energy, "theta_rad": theta, "phi_rad": phi, "geometry": geometry}
    conditions = {name: value for name, value in given.items() if value is not None}
    conditions |= dict(map(_condition, others))
    _require_readout(readout, entry)
    path = output or Path(f"{artifact.stem}-{'hits' if readout else 'showers'}.h5")
    with console.progress(f"sample {artifact.name}", showers) as advance:
        if readout is not None:
            result = sample_hits(
                artifact, path, conditions, readout, parse_entries(entry or "0mm,0mm"),
                n=showers, seed=seed, backend=backend, policy=out_of_range, report=advance,
            )  # fmt: skip
        else:
            result = sample_to_file(
                artifact, path, conditions,
                n=showers, seed=seed, backend=backend, policy=out_of_range,
                format_name=format_name, report=advance,
            )  # fmt: skip
    if as_json:
        console.emit({"schema": "caloexport.sample/1", **result})
        return
    console.say(str(path))
    console.log(_summary(result))


def _condition(text: str) -> tuple[str, int | float | str]:
    """Read ``name=value``; a number where it is one.

    >>> _condition("pconfig=2"), _condition("ripos_eta=-1e-2"), _condition("geometry=siw")
    (('pconfig', 2), ('ripos_eta', -0.01), ('geometry', 'siw'))
    """
    from caloexport.runtime.errors import UsageError

    name, equals, value = text.partition("=")
    if not name or not equals or not value:
        message = f"--condition {text!r:.60} is not NAME=VALUE"
        raise UsageError(message, hint="for example --condition pconfig=2")
    for kind in (int, float):
        try:
            return name, kind(value)
        except ValueError:
            continue
    return name, value


def _require_readout(readout: Path | None, entry: str | None) -> None:
    from caloexport.runtime.errors import UsageError

    if entry is not None and readout is None:
        message = "--entry means nothing without a readout"
        raise UsageError(message, hint="add --readout FILE.toml, or leave it out")


def _summary(result: dict[str, Any]) -> str:
    n = result["showers"]
    showers = "1 shower" if n == 1 else f"{n} showers"
    if "readout" not in result:
        return f"{showers}, mean energy {result['mean_energy_mev']:.6g} MeV"
    deposited = max(result["mean_deposited_mev"], 1e-300)
    parts = ", ".join(
        f"{100 * result[f'mean_{name}_mev'] / deposited:.2f} % {name}"
        for name in ("dead", "outside")
    )
    return (
        f"{showers} in {result['readout']}, on average "
        f"{result['mean_hits']:.0f} hits with {result['mean_hits_mev']:.6g} MeV; {parts}"
    )
