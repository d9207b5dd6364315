"""Publish a run: its decoder in bfloat16, its manifest, and a card with physics, sizes and speed.

python -m caloexport.training.publishing.publish RUN -o models/NAME --exports exports.toml

With --trainable a meta-model, with all weights and settings that an adaptation starts from.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from caloexport.bench.run import Effort
from caloexport.converters.open import open_model
from caloexport.runtime.errors import CaloexportError, OutputFileError, UnsupportedError
from caloexport.runtime.files import atomic_output, require_place
from caloexport.runtime.generator import Generator
from caloexport.runtime.units import parse_quantity
from caloexport.showers.joined import open_joined
from caloexport.showers.showers import Showers, from_arrays
from caloexport.training.data import TrainingData
from caloexport.training.extra_sections import META
from caloexport.training.publishing.adaptation import adaptation_section
from caloexport.training.publishing.exports import (
    LIST,
    read_exports,
    read_list,
    size_of,
    write_exports,
)
from caloexport.training.publishing.recipe import recipe
from caloexport.training.publishing.rounding import round_decoder
from caloexport.training.publishing.tables import physics_tables
from caloexport.training.publishing.trainable import FILES as ONLY_TRAINABLE
from caloexport.training.publishing.trainable import require_meta_model, write_trainable

CARDS = Path(__file__).parent / "cards"
CARD = "MODEL_CARD.md"
#: of every publication
FILES = (CARD, "decoder.keras", "manifest.json", LIST)
#: how long the decoder is measured
EFFORT = Effort()


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path))
@click.option("--exports", required=True, type=click.Path(path_type=Path),
              help="The files of a release, see publishing/exports.py.")  # fmt: skip
@click.option("--test", "tests", multiple=True, type=click.Path(path_type=Path),
              help="Showers that were not trained on.  [default: those held back]")  # fmt: skip
@click.option("--untrained", multiple=True, help="An energy of them that was not trained on.")
@click.option("--trainable", is_flag=True, help="With all weights, so that others can adapt it.")
@click.option("--adaptation", type=click.Path(path_type=Path), metavar="comparison.json",
              help="With --trainable: what its adaptation was compared with.")  # fmt: skip
def main(
    run: Path, output: Path, exports: Path, tests: tuple[Path, ...], untrained: tuple[str, ...],
    trainable: bool, adaptation: Path | None,
) -> None:  # fmt: skip
    """Copy the decoder of RUN, rounded to bfloat16, to a new folder, and write its model card."""
    if adaptation and not trainable:
        raise click.UsageError("--adaptation needs --trainable")
    try:
        energies = [parse_quantity(text, "energy") for text in untrained]
        publish(run, output, exports, tests, energies, trainable=trainable, adaptation=adaptation)
    except CaloexportError as error:
        click.echo(str(error), err=True)
        click.get_current_context().exit(error.exit_code)
    click.echo(output)


def publish(
    run: Path, output: Path, exports: Path, tests: Sequence[Path], untrained_mev: Sequence[float],
    *, trainable: bool = False, adaptation: Path | None = None,
) -> None:  # fmt: skip
    """Write the folder of a published decoder.

    Args:
        run: folder of the training.
        output: to make, or an earlier one to replace.
        exports: list of the files of a release.
        tests: showers that were not trained on; none takes those that were held back.
        untrained_mev: energies of them that were not trained on.
        trainable: write all weights too, and the settings.
        adaptation: ``comparison.json`` of what was adapted from it, for the card.

    Raises:
        InputFileError, OutputFileError, UnknownName, UnsupportedError: before anything is measured,
            as far as it can be told then.
    """
    from caloexport.training.plan import resumed_plan
    from caloexport.training.planned_data import planned_data

    require_own_place(output, trainable=trainable)
    read_list(exports)
    plan = resumed_plan(run)
    if trainable:
        require_meta_model(plan, run)
    text = card_of(f"{plan.family}-{META}" if trainable else plan.family)
    compared = adaptation_section(adaptation)
    data = planned_data(plan)
    with atomic_output(output, folder=True) as folder:
        if trainable:
            write_trainable(plan, run, data, folder)
        else:
            round_decoder(run / "decoder.keras", folder / "decoder.keras")
            shutil.copyfile(run / "manifest.json", folder / "manifest.json")
        shutil.copyfile(exports, folder / LIST)
        generator = open_model(folder)
        with open_joined(tests) if tests else held_back_showers(data) as reference:
            tables = physics_tables[data.mesh.to_json()["kind"]]
            physics = tables(reference, folder, untrained_mev)
        card = text.format(
            name=output.resolve().name,
            **recipe(plan, run, data, generator),
            tables=physics,
            sizes=sizes_table(folder),
            speed=speed_table(output.resolve().name, generator),
            adaptation=compared,
        )
        (folder / CARD).write_text(card, encoding="utf-8")


def require_own_place(output: Path, *, trainable: bool = False) -> None:
    """Refuse a folder that holds something else than an earlier publication of the same kind.

    Raises:
        OutputFileError: names what would be lost.
    """
    require_place(output, folder=True)
    own = {*FILES, *(ONLY_TRAINABLE if trainable else ())}
    others = {one.name for one in output.iterdir()} - own if output.exists() else set()
    if others:
        message = f"the folder holds '{min(others)}', which would be lost"
        raise OutputFileError(message, where=str(output), hint="choose a new folder")


def card_of(family: str) -> str:
    """Return the text of a family's card, with names in braces for what is measured.

    Args:
        family: with ``-meta`` behind it for the card of its meta-models.

    Raises:
        UnsupportedError: nobody wrote one.
    """
    path = CARDS / f"{family}.md"
    if path.parent != CARDS or not path.is_file():
        known = ", ".join(sorted(one.stem for one in CARDS.glob("*.md")))
        message = f"there is no card for the family '{family}', only for {known}"
        raise UnsupportedError(message, hint=f"write {path}")
    return path.read_text(encoding="utf-8")


def held_back_showers(data: TrainingData) -> Showers:
    """Return the showers that a training held back, with all their conditions, in MeV."""
    chosen = data.scoring
    energy_mev = data.energy_mev[chosen].astype("float32")
    cells = data.showers.dense(chosen) * energy_mev[:, None]
    conditions = {name: values[chosen] for name, values in data.conditions.items()}
    return from_arrays(cells.reshape(-1, *data.mesh.shape), data.mesh, conditions)


def sizes_table(model: Path) -> str:
    """Write all files of a release, each verified, and return a row for each with its size."""
    lines = ["| target | contract | precision | size |", "| --- | --- | --- | ---: |"]
    with tempfile.TemporaryDirectory() as folder:
        for one, path in write_exports(model, read_exports(model), Path(folder)):
            contract = ", ".join((one.contract or "", *one.fixes)).strip(", ")
            size = f"{size_of(path) / 1e6:.2f} MB"
            lines.append(f"| {one.target} | {contract} | {one.precision} | {size} |")
    return "\n".join(lines)


def speed_table(name: str, generator: Generator) -> str:
    """Measure the decoder, one shower at a time on one core, caches hot."""
    from caloexport.bench.run import Request, run

    request = Request(
        {name: generator}, ("numba",), ("float32", "bfloat16"), (1,), ("hot",), effort=EFFORT
    )
    told: list[str] = []
    results = run(request, lambda done, text: None, told.append)
    if not any(row.median_us is not None for row in results.rows):
        message = f"nothing could be measured: {'; '.join(told) or 'no backend took it'}"
        raise UnsupportedError(message, hint="a card without a time is none")
    lines = ["| backend | precision | shower, median (10 to 90 %) [µs] | memory [MB] |"]
    lines.append("| --- | --- | ---: | ---: |")
    for row in results.rows:
        if row.median_us is None:
            continue
        spread = f"{row.median_us:.1f} ({row.p10_us:.1f} to {row.p90_us:.1f})"
        lines.append(f"| {row.backend} | {row.precision} | {spread} | {row.private_mb:.1f} |")
    measured = f"Conditions in, MeV out, noise included; {results.machine['cpu']}, one core."
    return "\n".join((*lines, "", measured))


if __name__ == "__main__":
    main()
