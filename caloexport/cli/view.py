"""``caloexport view``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
    help="Picture to write: .png, .svg or .pdf; of ARTIFACT also a live page: .html.",
)  # fmt: skip
@click.option("--serve", is_flag=True, help="Show the live page of ARTIFACT on this machine.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Where to serve it.  [default: a free port]"
)
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
    serve: bool,
    port: int | None,
) -> None:
    """Draw a shower in three dimensions with its profiles, or in η and φ layer by layer.

    A shower of FILE stands beside the mean of those of similar energy; an ARTIFACT is sampled.
    On the live page of an ARTIFACT sliders draw fresh showers in the browser.
    """
    from caloexport.report.shower_view import require_fitting
    from caloexport.runtime.files import require_place
    from caloexport.showers.containers import is_shower_file

    _require_one_place(output, serve, port)
    if output is not None:
        require_place(output)
    live = serve or (output is not None and output.suffix == ".html")
    given = {"energy_mev": energy, "theta_rad": theta, "phi_rad": phi, "geometry": geometry}
    conditions = {name: value for name, value in given.items() if value is not None}
    is_file = is_shower_file(source)
    require_fitting(is_file, list(conditions), index, binning, live=live)
    if not live:
        _picture(source, is_file, conditions, index, binning, seed, output)
        return
    from caloexport.report.live.page import page_of, write_page

    page = page_of(source, conditions, seed)
    if output is not None:
        write_page(page, output)
        console.say(str(output))
        console.log(f"{output.stat().st_size / 1e6:.1f} MB, opens in any browser, needs no network")
        return
    from caloexport.report.live.serve import PageServer

    with PageServer(page, port or 0) as server:
        console.say(server.address)
        console.log("for browsers on this machine; Ctrl-C ends it")
        server.run()


def _picture(
    source: Path,
    is_file: bool,
    conditions: dict[str, Any],
    index: int | None,
    binning: str | None,
    seed: int,
    output: Path | None,
) -> None:
    from caloexport.report.figures.save import picture_suffix, save_figure
    from caloexport.report.shower_view import artifact_figure, file_figure
    from caloexport.showers.open import open_showers

    path = output or Path(f"{source.stem}-shower.png")
    picture_suffix(path)
    if is_file:
        with open_showers(source, binning) as showers:
            figure = file_figure(showers, index or 0)
    else:
        figure = artifact_figure(source, conditions, seed)
    save_figure(figure, path)
    console.say(str(path))


def _require_one_place(output: Path | None, serve: bool, port: int | None) -> None:
    from caloexport.runtime.errors import UsageError

    if serve and output is not None:
        message = "--serve writes no file, so -o means nothing with it"
        raise UsageError(message, hint="write the page with -o NAME.html, or serve it")
    if port is not None and not serve:
        message = "--port means nothing without --serve"
        raise UsageError(message, hint="add --serve, or leave it out")
