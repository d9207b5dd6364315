"""Make a snippet's folder as users do: convert a generator, then ``caloexport snippets``."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from caloexport.cli.main import cli
from caloexport.converters.contract import apply_contract
from caloexport.converters.export import export
from caloexport.converters.snippets import snippets
from caloexport.converters.targets import targets
from tests.cpp.generators import GENERATORS


def make_snippet_folder(name: str, target: str, generator: str, place: Path) -> Path:
    """Return a folder with the sources of a snippet, its artifact and whatever it needs to run.

    Args:
        name: of the snippet.
        target: format of the artifact.
        generator: ``"cylinder"`` or ``"layered"``.
        place: an existing folder; the artifact and the new folder go there.
    """
    path = place / f"generator{targets[target].suffix}"
    fitted = apply_contract(GENERATORS[generator](), snippets[name].contract, target)
    export(fitted, target, path)
    folder = place / "snippet"
    command = ["snippets", "--contract", name, str(path), "-o", str(folder)]
    done = CliRunner().invoke(cli, command)
    if done.exit_code != 0:
        message = f"caloexport {' '.join(command)}: {done.output}"
        raise RuntimeError(message) from done.exception
    return folder
