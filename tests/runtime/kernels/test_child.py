"""Kernels are compiled by another Python, where there is one."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.kernels import child, level
from caloexport.runtime.kernels.object_file import Kernels, to_bytes

IDENTITY = {"level": "avx2"}
KERNELS = Kernels(("run",), b"code")


def answer(
    monkeypatch: pytest.MonkeyPatch, stdout: bytes = b"", stderr: bytes = b"", code: int = 0
) -> dict[str, Any]:
    """Let the child answer; return how it was called, once it was."""
    called: dict[str, Any] = {}

    def run(command: list[str], **named: Any) -> subprocess.CompletedProcess[bytes]:
        called.update(named, command=command)
        return subprocess.CompletedProcess(command, code, stdout, stderr)

    monkeypatch.setattr(subprocess, "run", run)
    return called


def test_the_child_s_kernels_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    called = answer(monkeypatch, to_bytes(KERNELS, IDENTITY))
    assert child.compile_kernels(IDENTITY) == KERNELS
    assert called["command"][0] == sys.executable
    assert "NUMBA_DISABLE_JIT" not in called["env"]
    assert called["env"][level.VARIABLE] == level.LEVEL


def test_a_failure_says_why_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, stderr=b"Traceback\nRuntimeError: no room\n", code=1)
    with pytest.raises(UnsupportedError, match=r"RuntimeError: no room.*--backend numpy"):
        child.compile_kernels(IDENTITY)


def test_a_silent_death_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, code=-9)
    with pytest.raises(UnsupportedError, match="exit status -9"):
        child.compile_kernels(IDENTITY)


@pytest.mark.parametrize("stdout", [b"", b"hello", to_bytes(KERNELS, {"level": "other"})])
def test_an_answer_of_another_kind_is_refused(
    monkeypatch: pytest.MonkeyPatch, stdout: bytes
) -> None:
    answer(monkeypatch, stdout)
    with pytest.raises(UnsupportedError, match="gave kernels that are"):
        child.compile_kernels(IDENTITY)


def test_a_build_without_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], **_: Any) -> None:
        raise subprocess.TimeoutExpired(command, child.LIMIT_S)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(UnsupportedError, match="no result after"):
        child.compile_kernels(IDENTITY)


@pytest.mark.parametrize(
    ("executable", "usable"),
    [
        ("/usr/bin/python3", True),
        ("/opt/python3.13t", True),
        ("python", True),
        ("/usr/bin/root.exe", False),
        ("/opt/athena", False),
        ("", False),
        (None, False),
    ],
)
def test_a_program_with_python_inside_is_not_started(
    monkeypatch: pytest.MonkeyPatch, executable: str | None, usable: bool
) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    assert child.can_start_python() is usable


@pytest.mark.parametrize("broken", ["embedded", "no such program"])
def test_without_another_python_this_one_compiles(
    monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.setattr(sys, "executable", "/opt/athena" if broken == "embedded" else "/no/python")
    monkeypatch.setattr("caloexport.runtime.kernels.build.build", lambda target, alone: KERNELS)
    assert child.compile_kernels(IDENTITY) == KERNELS


def test_a_failure_in_this_process_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def build(target: Any, *, alone: bool) -> Kernels:
        message = "LLVM has no such CPU"
        raise RuntimeError(message)

    monkeypatch.setattr(sys, "executable", None)
    monkeypatch.setattr("caloexport.runtime.kernels.build.build", build)
    with pytest.raises(UnsupportedError, match=r"LLVM has no such CPU.*--backend numpy"):
        child.compile_kernels(IDENTITY)
