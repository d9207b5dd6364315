"""``caloexport warm``, as typed."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from caloexport.cli.warm import command
from caloexport.converters.export import export
from caloexport.runtime.errors import InputFileError
from tests.networks import decoder


def call(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(a) for a in arguments])


def test_the_place_goes_to_stdout() -> None:
    done = call()
    assert done.exit_code == 0
    assert Path(done.stdout.strip()).is_file()


def test_with_an_artifact(tmp_path: Path) -> None:
    path = export(decoder(), "numba", tmp_path / "toy.safetensors", verify=False).path
    data = json.loads(call(path, "--json").stdout)
    assert data["schema"] == "caloexport.warm/1"
    assert data["first_shower"]["artifact"] == str(path)
    assert "first shower in" in call(path).output


def test_a_missing_artifact() -> None:
    assert isinstance(call("missing.safetensors").exception, InputFileError)
