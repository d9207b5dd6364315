"""``caloexport validate``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from caloexport.cli import console
from caloexport.runtime.errors import UsageError

if TYPE_CHECKING:
    from caloexport.report.figures.write_comparison import ComparisonFigures
    from caloexport.report.speed import Speed
    from caloexport.runtime.mesh import Mesh
    from caloexport.showers.showers import Showers
    from caloexport.validation.asked_distances import AskedDistances
    from caloexport.validation.models_compared import ModelsCompared
    from caloexport.validation.profile import Demand
    from caloexport.validation.verdict import Verdict
    from caloexport.validation.windows import Window


#: as of caloexport/report/figures/write_comparison.py, which is not read for a help text
FORMATS = ("svg", "png", "pdf")


@click.command()
@click.option("--reference", "references", type=click.Path(path_type=Path), required=True,
              multiple=True, metavar="FILE",
              help="Showers that are held to be right: full simulation. Repeatable, for a scan.")  # fmt: skip
@click.option("--generated", "models", type=click.Path(path_type=Path), required=True,
              multiple=True, metavar="FILE|ARTIFACT|RUN",
              help="Showers to judge, or a model, which makes them like the reference's (--copies). "
              "Repeatable, to compare models.")  # fmt: skip
@click.option("--around", multiple=True, type=console.Quantity("energy"), metavar="E",
              help="Compare showers within a factor 1.6 of this energy, again for more.  "
              "[default: windows over the reference's spectrum]")  # fmt: skip
@click.option("--untrained", multiple=True, type=console.Quantity("energy"), metavar="E",
              help="An energy that the generator was not trained on; repeatable.")  # fmt: skip
@click.option("--profile", default="default", show_default=True, metavar="NAME|FILE",
              help="Thresholds of the checks: default, strict, or a .toml file of your own.")  # fmt: skip
@click.option("--binning", help="Binning XML of CaloChallenge files, or a shipped one's name.")
@click.option("--geometry", help="Detector, for a model of several.")
@click.option("--copies", type=click.IntRange(1, 1000), default=1, show_default=True, metavar="N",
              help="Showers that a model makes for each of the reference.")  # fmt: skip
@click.option("--figures", type=click.Path(path_type=Path), metavar="DIR",
              help="Folder to make, with figures and the numbers behind them (figures.json).")  # fmt: skip
@click.option("--figure-format", "formats", multiple=True, type=click.Choice(FORMATS),
              help="Kind of file of a figure; repeatable.  [default: all]")  # fmt: skip
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE",
              help="Page to write: verdict, figures, single showers; one file, no network. "
              "Of several models: an index, with a page of each beside it.")  # fmt: skip
@click.option("--distance", "distances", multiple=True, metavar="NAME",
              help="Compare whole showers too: see caloexport list distances; all takes those of seconds. "
              "Repeatable.")  # fmt: skip
@click.option("--published", metavar="SET",
              help="Place FPD and KPD among the results of the CaloChallenge: calochallenge1-photons, "
              "calochallenge1-pions, calochallenge2 or calochallenge3.")  # fmt: skip
@console.seed_option
@console.json_option
def command(
    references: tuple[Path, ...], models: tuple[Path, ...], around: tuple[float, ...],
    untrained: tuple[float, ...], profile: str, binning: str | None, geometry: str | None, copies: int,
    seed: int, as_json: bool, figures: Path | None,
    formats: tuple[str, ...], html: Path | None, distances: tuple[str, ...], published: str | None,
) -> None:  # fmt: skip
    """Compare generated showers with a reference, and judge them.

    Every number comes with its statistical error and its floor: what samples of these sizes would
    differ by if they were alike. Exits with 1 when a required check fails, or none could decide.
    """
    from caloexport.comparison_report import context_of, date_of_report, speed_of
    from caloexport.report.outputs import Outputs
    from caloexport.showers.joined import open_joined
    from caloexport.validation.asked_distances import AskedDistances
    from caloexport.validation.generated import generated_showers
    from caloexport.validation.profile import load_profile
    from caloexport.validation.windows import windows_around

    _require_places(figures, formats, html, (*references, *models))
    if len(models) > 1:
        _compare(**click.get_current_context().params)
    [generated] = models
    demands, date = load_profile(profile), "" if html is None else date_of_report()
    windows = windows_around(around) if around else None
    with (
        open_joined(references, binning) as usual,
        generated_showers(
            generated, usual, binning=binning, geometry=geometry, seed=seed, copies=copies,
            windows=windows, untrained_mev=untrained,
        ) as found,
    ):  # fmt: skip
        outputs = Outputs(figures, html, usual, found, windows, untrained, seed, formats or FORMATS)
        asked = AskedDistances(usual, found, distances, published)
        verdict = _judge(
            (usual, found), asked, demands, windows,
            untrained_mev=untrained, watches=asked.beside(outputs.watches),
        )  # fmt: skip
        _say(verdict, usual.mesh, as_json=as_json)
        speed = speed_of(generated) if html or (figures and published) else None
        if html is not None:
            files = references, generated, (usual, found), profile
            context = context_of(*files, date=date, speed=speed)
            with console.patience(f"write {html}"):
                outputs.write_page(html, verdict, context)
            console.log(f"report in {html}")
    if outputs.figures is not None:
        _draw(outputs.figures, verdict, speed)
    click.get_current_context().exit(0 if verdict.passed else 1)


def _require_places(
    figures: Path | None, formats: tuple[str, ...], html: Path | None, read: tuple[Path, ...]
) -> None:
    from caloexport.report.places import require_places

    require_places(figures, html, read)
    if formats and figures is None:
        message = "--figure-format says how figures are written, but none are asked for"
        raise UsageError(message, hint="add --figures DIR, or leave --figure-format out")


def _judge(
    samples: tuple[Showers, Showers],
    asked: AskedDistances,
    demands: Mapping[str, Demand],
    windows: Sequence[Window] | None,
    **options: Any,
) -> Verdict:
    from caloexport.validation.verdict import judge

    with console.progress("validate", samples[0].n + samples[1].n) as advance:
        told = lambda done, _, text: advance(done + (text != "reference") * samples[0].n, text)
        verdict = judge(*samples, demands, windows, told, **options)
    with console.patience("distances") as tell:
        return asked.added_to(verdict, tell)


def _compare(
    *, references: tuple[Path, ...], models: tuple[Path, ...], around: tuple[float, ...],
    untrained: tuple[float, ...], formats: tuple[str, ...], figures: Path | None, html: Path | None,
    as_json: bool, **others: Any,
) -> NoReturn:  # fmt: skip
    """Judge several models, hold them against each other, and exit."""
    from caloexport.models_report import Asked, ModelsReport

    asked = Asked(
        around_mev=around, untrained_mev=untrained, formats=formats or FORMATS, figures=figures,
        html=html, **others,
    )  # fmt: skip
    with ModelsReport(references, models, asked) as report:
        with console.progress("validate", report.showers) as advance:
            verdicts = report.judge(advance)
        with console.patience("distances") as tell:
            found = report.compare(verdicts, tell)
        _say_models(found, as_json=as_json)
        if html is not None:
            with console.patience(f"write {html}"):
                pages = report.write_pages(found)
    if figures is not None:
        n = report.draw(found, lambda total: console.progress("draw", total))
        console.log(f"{n} figures in {figures}")
    if html is not None:
        console.log(f"reports in {', '.join(map(str, pages))}")
    click.get_current_context().exit(0 if found.passed else 1)


def _say_models(found: ModelsCompared, *, as_json: bool) -> None:
    from caloexport.report.models_table import failures_of_models, tables_of_models

    for name, verdict in found.verdicts.items():
        for note in verdict.notes:
            console.log(f"note: {name}: {note}")
    if as_json:
        console.emit(found.to_json())
        return
    for table in tables_of_models(found):
        console.say(table)
    for line in failures_of_models(found):
        console.say(line)
    for name, verdict in found.verdicts.items():
        console.say(f"verdict of {name}: {verdict.sentence}")


def _say(verdict: Verdict, mesh: Mesh, *, as_json: bool) -> None:
    from caloexport.report.checks_table import checks_table, failures
    from caloexport.report.distance_table import distance_table, places_table
    from caloexport.report.energy_table import energy_tables
    from caloexport.report.metrics_table import metrics_table
    from caloexport.report.placement_table import placement_table

    for note in verdict.notes:
        console.log(f"note: {note}")
    if as_json:
        console.emit(verdict.to_json())
        return
    console.say(metrics_table(verdict))
    for table in energy_tables(verdict.energy) if verdict.energy else ():
        console.say(table)
    if verdict.placement is not None:
        console.say(placement_table(verdict.placement, mesh))
    if verdict.distances:
        console.say(distance_table(verdict.distances))
    if verdict.published is not None:
        console.say(places_table(verdict.published))
    console.say(checks_table(verdict))
    for line in failures(verdict):
        console.say(line)
    console.say(f"verdict: {verdict.sentence}")


def _draw(figures: ComparisonFigures, verdict: Verdict, speed: Speed | None) -> None:
    from caloexport.report.figures.speed_plane import speed_planes

    if verdict.energy is None or not verdict.energy.points:
        console.log("no figures: nothing was compared")
        return
    figures.planes = speed_planes(verdict.published, verdict.generated, speed)
    with console.progress("draw", len(figures.compared.pictures)) as advance:
        names = figures.write(lambda done, total, text: advance(done, text))
    console.log(f"{len(names)} figure{'' if len(names) == 1 else 's'} in {figures.folder}")
