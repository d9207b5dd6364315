from __future__ import annotations

import json
import subprocess
import sys

import pytest

from caloexport.cli.main import cli, exit_code

HEAVY = ("tensorflow", "keras", "onnx", "onnxruntime", "matplotlib", "numba", "rich", "h5py")


@pytest.mark.parametrize("option", ["--help", "--version", "-h"])
def test_help_and_version_import_nothing_heavy(option: str) -> None:
    code = (
        "import sys; from caloexport.cli.main import exit_code; "
        f"assert exit_code(['{option}']) == 0; "
        f"print([m for m in {HEAVY} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "caloexport" in done.stdout


def test_every_command_has_a_help_text(capsys: pytest.CaptureFixture[str]) -> None:
    import click

    context = click.Context(cli, info_name="caloexport")
    for name in cli.list_commands(context):
        assert exit_code([name, "--help"]) == 0
        assert "Usage: caloexport" in capsys.readouterr().out


def test_a_mistyped_command_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["verfy"]) == 2
    assert "did you mean 'verify'" in capsys.readouterr().err


def test_wrong_options_end_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["convert", "model.keras"]) == 2
    assert "--to" in capsys.readouterr().err


def test_errors_are_json_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["verify", "absent.onnx", "--json"]) == 3
    captured = capsys.readouterr()
    error = json.loads(captured.out)
    assert error["schema"] == "caloexport.error/1"
    assert error["where"] == "absent.onnx"
    assert "no such file" in captured.err


def test_a_bare_number_needs_a_unit(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["sample", "a.safetensors", "--energy", "50"]) == 2
    assert "has no unit" in capsys.readouterr().err


@pytest.mark.parametrize("group", [[], ["data"]])
def test_a_group_alone_shows_its_commands(
    group: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(group) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("Usage: caloexport")
    assert captured.out == ""


def test_a_usage_error_is_one_line_and_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["list"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("caloexport: Missing argument 'WHAT'. Choose from: backends, ")
    assert lines[1:] == ["  hint: see caloexport list --help"]
