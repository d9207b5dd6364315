from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters import isolation
from caloexport.converters.isolation import error_from_json, error_to_json, read_isolated, save
from caloexport.converters.readers import Choices
from caloexport.runtime.errors import (
    CaloexportError,
    InputFileError,
    MissingDependency,
    UnknownName,
    UnsupportedError,
)
from tests.networks import decoder


@pytest.mark.parametrize(
    "error",
    [
        InputFileError("damaged", where="a.h5", hint="copy it"),
        UnsupportedError("no such layer"),
        UnknownName("backend", "nunba", ["numba"]),
        MissingDependency("onnx", extra="onnx"),
    ],
)
def test_errors_come_back_as_they_were(error: CaloexportError) -> None:
    again = error_from_json(error_to_json(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert again.exit_code == error.exit_code


def test_an_error_of_a_plugin_comes_back_as_the_nearest_known() -> None:
    class OwnError(InputFileError):
        pass

    assert type(error_from_json(error_to_json(OwnError("odd")))) is InputFileError


def test_a_generator_comes_back_with_its_physics(tmp_path: Path) -> None:
    path = tmp_path / "network.safetensors"
    generator = decoder()
    save(path, generator)
    again = isolation._load(path)
    path.unlink()
    assert again.manifest == generator.manifest
    for node, other in zip(generator.network.nodes, again.network.nodes, strict=True):
        for key, weight in node.weights.items():
            np.testing.assert_array_equal(other.weights[key], weight)


def test_the_reader_speaks_of_the_file_as_the_user_named_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("broken.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    with pytest.raises(InputFileError) as caught:
        read_isolated("keras", Path("broken.h5"), Choices())
    assert caught.value.where == "broken.h5"


def test_nothing_is_imported_from_where_the_user_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("h5py.py").write_text("raise SystemExit('run')")
    Path("broken.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    with pytest.raises(InputFileError, match="not a readable Keras file"):
        read_isolated("keras", Path("broken.h5"), Choices())


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", r"crashed \(SIGSEGV\)"),
        ("import os; os.abort()", r"crashed \(SIGABRT\)"),
        (
            "from caloexport.converters.isolated_reading import limit\nlimit(0)\nwhile True: pass",
            "far more time or memory",
        ),
        ("import sys; sys.exit('gone')", "cannot be read: gone"),
    ],
)
def test_whatever_happens_there_is_one_sentence_here(
    program: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = subprocess.run

    def run_program(command, **options):  # type: ignore[no-untyped-def]
        return run([sys.executable, "-c", program], **options)

    monkeypatch.setattr(subprocess, "run", run_program)
    with pytest.raises(InputFileError, match=message):
        read_isolated("keras", Path("a.h5"), Choices())


def test_memory_is_limited() -> None:
    program = """
from caloexport.converters.isolated_reading import MEMORY_BYTES, limit
limit(0)
try:
    bytearray(2 * MEMORY_BYTES)
except MemoryError:
    print("refused")
"""
    child = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert child.stdout == "refused\n"
