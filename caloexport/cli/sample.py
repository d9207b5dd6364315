"""``caloexport sample``."""

from __future__ import annotations

from pathlib import Path

import click

from caloexport.cli import console


@click.command()
@click.argument("artifact", type=click.Path(path_type=Path))
@click.option("-n", "showers", type=click.IntRange(1, 2**24), default=100, show_default=True)
@click.option("--energy", type=console.Quantity("energy"), help="Incident energy, e.g. 50GeV.")
@click.option("--theta", type=console.Quantity("angle"), help="Polar angle, e.g. 90deg.")
@click.option("--phi", type=console.Quantity("angle"), help="Azimuth, e.g. 0deg.")
@click.option("--geometry", help="Detector, for a generator of several.")
@click.option("--backend", help="numpy or numba; numba when installed.")
@click.option(
    "--out-of-range", type=click.Choice(["error", "clamp", "extrapolate"]), default="error",
    show_default=True, help="What to do with conditions outside the trained range.",
)  # fmt: skip
@click.option("--format", "format_name", default="par04", show_default=True)
@console.seed_option
@console.output_option
@console.json_option
def command(
    artifact: Path, showers: int, energy: float | None, theta: float | None, phi: float | None,
    geometry: str | None, backend: str | None, out_of_range: str, format_name: str, seed: int,
    output: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Sample showers from ARTIFACT (or a run folder) into an HDF5 file.

    Shower i depends on the seed, i and the conditions only.
    """
    from caloexport.sampling import sample_to_file

    given = {"energy_mev": energy, "theta_rad": theta, "phi_rad": phi, "geometry": geometry}
    conditions = {name: value for name, value in given.items() if value is not None}
    path = output or Path(f"{artifact.stem}-showers.h5")
    with console.progress(f"sample {artifact.name}", showers) as advance:
        result = sample_to_file(
            artifact, path, conditions,
            n=showers, seed=seed, backend=backend, policy=out_of_range, format_name=format_name,
            report=advance,
        )  # fmt: skip
    if as_json:
        console.emit({"schema": "caloexport.sample/1", **result})
        return
    console.say(str(path))
    console.log(f"{showers} showers, mean energy {result['mean_energy_mev']:.6g} MeV")
