"""``caloexport view``."""

from __future__ import annotations

from pathlib import Path

import click

from caloexport.cli import console


@click.command()
@click.argument("source", metavar="FILE|ARTIFACT", type=click.Path(path_type=Path))
@click.option("--index", type=click.IntRange(0), help="Which shower of FILE; 0 if not given.")
@click.option("--binning", help="Binning XML of FILE, or the name of a shipped one.")
@click.option("--energy", type=console.Quantity("energy"), help="For ARTIFACT, e.g. 50GeV.")
@click.option("--theta", type=console.Quantity("angle"), help="For ARTIFACT, e.g. 90deg.")
@click.option("--phi", type=console.Quantity("angle"), help="For ARTIFACT, e.g. 0deg.")
@click.option("--geometry", help="For ARTIFACT, e.g. siw.")
@console.seed_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path),
    help="Picture to write: .png, .svg or .pdf.",
)  # fmt: skip
def command(
    source: Path,
    index: int | None,
    binning: str | None,
    energy: float | None,
    theta: float | None,
    phi: float | None,
    geometry: str | None,
    seed: int,
    output: Path | None,
) -> None:
    """Draw a shower in three dimensions, with its profiles.

    A shower of FILE stands beside the mean of those of similar energy; an ARTIFACT is sampled.
    """
    from caloexport.report.figures.save import picture_suffix, save_figure
    from caloexport.report.shower_view import artifact_figure, file_figure, require_fitting
    from caloexport.showers.containers import is_shower_file
    from caloexport.showers.open import open_showers

    path = output or Path(f"{source.stem}-shower.png")
    picture_suffix(path)
    given = {"energy_mev": energy, "theta_rad": theta, "phi_rad": phi, "geometry": geometry}
    conditions = {name: value for name, value in given.items() if value is not None}
    is_file = is_shower_file(source)
    require_fitting(is_file, list(conditions), index, binning)
    if is_file:
        with open_showers(source, binning) as showers:
            figure = file_figure(showers, index or 0)
    else:
        figure = artifact_figure(source, conditions, seed)
    save_figure(figure, path)
    console.say(str(path))
