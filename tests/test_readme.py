"""What the README tells people to type works."""

from __future__ import annotations

import re
import runpy
import shlex
from pathlib import Path

import click
import pytest

from caloexport.cli.main import cli
from caloexport.converters.export import export
from caloexport.converters.open import open_model
from caloexport.shipped import default_decoder
from tests.programs import PACKAGES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def shell_lines() -> list[str]:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if line.startswith("caloexport ")]


@pytest.mark.parametrize("line", shell_lines())
def test_every_command_line_is_understood(line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    context = click.Context(cli, info_name="caloexport")
    command: click.Command = cli
    while isinstance(command, click.Group):
        found = command.get_command(context, words.pop(0))
        assert found is not None
        command = found
    command.make_context(command.name, words, parent=context)


def test_the_python_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = blocks("python")
    export(open_model(default_decoder()), "numba", tmp_path / "siw.safetensors")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "example.py").write_text(example, "utf-8")
    names = runpy.run_path(str(tmp_path / "example.py"))
    assert names["showers"].shape == (100, 18, 50, 45)


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_test_command_is_marked_for_continuous_integration() -> None:
    marked = re.search(r"<!-- test-command -->\n```sh\n(.*)\n```\n<!-- end -->", README)
    assert marked is not None
    assert " .venv/bin/pytest" in marked.group(1)


def test_the_packages_are_those_that_a_skipped_test_asks_for() -> None:
    (named,) = re.findall(r"`apt-get install (.*)`", README)
    assert set(named.split()) == set(" ".join(PACKAGES.values()).split())
