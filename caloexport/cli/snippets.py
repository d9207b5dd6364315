"""``caloexport snippets``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from caloexport.cli import console

if TYPE_CHECKING:
    from caloexport.converters.snippets_for import Written


@click.command()
@click.argument("artifact", type=click.Path(path_type=Path))
@click.option(
    "--contract", required=True, metavar="NAME",
    help="Framework or library to write for: see caloexport list snippets.",
)  # fmt: skip
@console.output_option
@console.json_option
def command(artifact: Path, contract: str, output: Path | None, as_json: bool) -> None:
    """Write C++ that loads ARTIFACT in a framework, with all names and numbers filled in.

    The folder (NAME beside the artifact unless -o says another) holds sources, a CMake fragment, a README with the numbers to expect, and a copy of
    the artifact.
    """
    from caloexport.converters.snippets_for import write_snippets

    with console.patience(f"snippets for {artifact}"):
        written = write_snippets(contract, artifact, output or artifact.with_name(contract))
    if as_json:
        console.emit(
            {
                "schema": "caloexport.snippets/1",
                "contract": contract,
                "target": written.facts.target,
                "folder": str(written.folder),
                "files": list(written.files),
                "page": written.snippet.page,
            }
        )
        return
    console.say(_told(written))


def _told(written: Written) -> str:
    lines = [f"wrote {written.folder}:", *(f"  {name}" for name in written.files)]
    if "README.md" in written.files:
        lines.append(f"read {written.folder / 'README.md'} first")
    return "\n".join(lines)
