"""Compiled decoders are kept, for the next process that opens the same header."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from caloexport.converters.cpp import library
from caloexport.converters.cpp.compiler import CompilationError, compiler_release
from caloexport.converters.engines.cpp import open_library
from caloexport.runtime.kernels import cache
from tests.cpp.decoders import Written, decoders
from tests.programs import require_program

__all__ = ["decoders"]
pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, decoders: Written) -> Path:
    """A folder of kernels after one process opened one header."""
    require_program("g++")
    place: Path = tmp_path_factory.mktemp("kernels") / "cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(cache.VARIABLE, str(place))
        patch.setattr(library, "_OPENED", {})
        open_library(decoders("layered", "float32", False))
    return place


@pytest.fixture
def folder(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, as a process finds it that opened nothing so far and has no compiler."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(library, "_OPENED", {})
    monkeypatch.setattr(library, "compile_library", no_compiler)
    shutil.copytree(filled, tmp_path / "cache")
    return tmp_path / "cache" / library.FOLDER


def no_compiler(*arguments: object) -> None:
    raise CompilationError("compiled again")


def test_a_library_is_compiled_once(folder: Path, decoders: Written) -> None:
    assert len(list(folder.iterdir())) == 1
    header = decoders("layered", "float32", False)
    assert open_library(header).selftest()[0]
    moved = folder.parent / "moved.h"
    shutil.copy(header, moved)
    shutil.copy(header.with_suffix(".safetensors"), folder.parent)
    library._OPENED.clear()
    assert open_library(moved).selftest()[0]


@pytest.mark.parametrize("change", ["header", "compiler", "folder"])
def test_nothing_else_is_taken_for_it(
    change: str, folder: Path, decoders: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    if change == "compiler":
        monkeypatch.setattr(library, "compiler_release", lambda: f"{compiler_release()} patched")
    if change == "folder":
        folder.chmod(0o777)
    with pytest.raises(CompilationError, match="compiled again"):
        open_library(decoders("cylinder" if change == "header" else "layered", "float32", False))


@pytest.mark.parametrize("name", ['größe "1" ??/', os.fsdecode(b"latin-\xe9")])
def test_a_header_is_compiled_wherever_it_is(
    name: str, decoders: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_program("g++")
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setattr(library, "_OPENED", {})
    place = tmp_path / name
    place.mkdir()
    header = decoders("layered", "float32", False)
    for path in (header, header.with_suffix(".safetensors")):
        shutil.copy(path, place)
    assert open_library(place / header.name).selftest()[0]
