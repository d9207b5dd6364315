from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from caloexport.cli import console
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


def program(code: str, *arguments: str, **streams: int) -> subprocess.Popen[bytes]:
    """Start the program after a few lines that prepare it."""
    text = textwrap.dedent(code) + "\nfrom caloexport.cli.main import run\nrun()"
    return subprocess.Popen([sys.executable, "-c", text, *arguments], **streams)


def test_a_reader_that_leaves_is_no_failure() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    child = program("", "list", "targets", stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert child.communicate()[1] == b""
    assert child.returncode == 0


def test_a_closed_output_is_no_traceback() -> None:
    child = program("import sys; sys.stdout = None", "list", "targets", stderr=subprocess.PIPE)
    assert child.communicate()[1] == b""
    assert child.returncode == 0


def test_a_log_that_nobody_can_write_changes_no_exit_code() -> None:
    with Path("/dev/full").open("wb") as full:
        assert program("", "inspect", "absent", stderr=full.fileno()).wait() == 3


def test_verbose_shows_the_traceback_and_keeps_the_exit_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert exit_code(["-v", "inspect", "absent"]) == 3
    error = capsys.readouterr().err
    assert "Traceback" in error
    assert error.splitlines()[-1].startswith("caloexport: absent: cannot be read")


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_that_a_library_swallows_still_ends_the_work(name: str) -> None:
    child = program(
        f"""
        import contextlib, os, signal
        from caloexport.cli import console, inspect
        def work(**_):
            with contextlib.suppress(KeyboardInterrupt):
                os.kill(os.getpid(), signal.{name})
            with console.progress("work", 2) as advance:
                advance(1)
            raise SystemExit("went on")
        inspect.command.callback = work
        """,
        "-q", "inspect", "model",
        stderr=subprocess.PIPE,
    )  # fmt: skip
    assert child.communicate()[1].strip() == b"caloexport: interrupted"
    assert child.returncode == 130


def test_progress_goes_on_when_nobody_interrupts() -> None:
    assert not console.settings.interrupted
    with console.progress("work", 1) as advance:
        advance(1)


def test_lines_of_progress_are_told_once_with_their_text_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines: list[str] = []
    monkeypatch.setattr(console, "LINE_INTERVAL", 0.0)
    monkeypatch.setattr(console, "log", lines.append)
    with console.progress("simulate siw, GeV done", 500) as advance:
        for _ in range(3):
            advance(0, "0 of 50 showers")
        advance(500, "50 of 50 showers")
        advance(500)
    assert lines == [
        "simulate siw, GeV done: 0/500, 0 of 50 showers",
        "simulate siw, GeV done: 500/500, 0 s left, 50 of 50 showers",
        "simulate siw, GeV done: 500/500, 0 s left",
    ]


def test_a_long_step_is_told_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    told, lines = threading.Event(), []

    def log(text: str) -> None:
        lines.append(text)
        told.set()

    monkeypatch.setattr(console, "PATIENCE", 0.001)
    monkeypatch.setattr(console, "LINE_INTERVAL", 0.001)
    monkeypatch.setattr(console, "log", log)
    with console.patience("convert a to b") as tell:
        tell("reading")
        told.clear()
        assert told.wait(60)
    assert lines[-1].startswith("convert a to b: reading ... ")


def test_a_quick_command_says_nothing_about_its_progress(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "PATIENCE", 3600.0)
    with console.patience("convert a to b") as tell:
        tell("reading")
    assert capsys.readouterr().err == ""
