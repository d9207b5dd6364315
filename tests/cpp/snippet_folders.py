"""Make a snippet's folder as users do: convert a generator, then ``caloexport snippets``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner

from caloexport.cli.main import cli
from caloexport.converters.contract import apply_contract
from caloexport.converters.export import export
from caloexport.converters.snippets import snippets
from caloexport.converters.targets import targets
from tests.cpp.generators import GENERATORS

#: names that a consumer looks for
STEMS = dict.fromkeys(("fastcalosim-decoder", "fastcalosim-v2"), "neural_net_22_eta_20_25_High12")


def make_snippet_folder(
    name: str,
    target: str,
    generator: str,
    place: Path,
    contract: str | None = None,
    choices: Mapping[str, str] | None = None,
) -> Path:
    """Return a folder with the sources of a snippet, its artifact and whatever it needs to run.

    Args:
        name: of the snippet.
        target: format of the artifact.
        generator: ``"cylinder"`` or ``"layered"``.
        place: an existing folder; the artifact and the new folder go there.
        contract: of the artifact, where the snippet takes any.
        choices: what the contract leaves open.
    """
    stem = STEMS.get(name, "decoder" if target == "cpp" else "generator")
    path = place / f"{stem}{targets[target].suffix}"
    contract = snippets[name].contract or contract
    fitted = apply_contract(GENERATORS[generator](), contract, target, choices=choices)
    export(fitted, target, path)
    folder = place / "snippet"
    command = ["snippets", "--contract", name, str(path), "-o", str(folder)]
    done = CliRunner().invoke(cli, command)
    if done.exit_code != 0:
        message = f"caloexport {' '.join(command)}: {done.output}"
        raise RuntimeError(message) from done.exception
    return folder
