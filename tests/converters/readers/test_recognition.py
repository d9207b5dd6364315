"""Each file is taken by one reader alone, whatever it is called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from caloexport.converters.export import export
from caloexport.converters.readers import readers
from tests.converters.test_open import keras_file, run_folder
from tests.networks import decoder


def _artifact(path: Path) -> Path:
    return export(decoder(), "numba", path).path


def _architecture(path: Path) -> Path:
    path.write_text('{"class_name": "Sequential", "config": [], "keras_version": "1.2.2"}')
    return path


def _folder(path: Path) -> Path:
    path.mkdir()
    for name in ("config.json", "model.weights.h5"):
        (path / name).touch()
    return path


MAKE: dict[str, Callable[[Path], Path]] = {
    "numba": _artifact,
    "lwtnn": lambda path: export(decoder(), "lwtnn", path).path,
    "onnx": lambda path: export(decoder(), "onnx", path).path,
    "keras": lambda path: keras_file(path, 5, 3),
    "keras architecture": _architecture,
    "keras folder": _folder,
    "run folder": run_folder,
    "savedmodel": lambda path: export(decoder(), "savedmodel", path).path,
}


@pytest.mark.parametrize("name", MAKE)
def test_one_reader_recognises_the_content(name: str, tmp_path: Path) -> None:
    path = MAKE[name](tmp_path / "model")
    start = b"" if path.is_dir() else path.read_bytes()[:4096]
    assert [other for other in readers if readers[other].recognises(path, start)] == [name]


@pytest.mark.parametrize("name", readers.names())
def test_what_a_reader_reads_can_be_listed(name: str) -> None:
    assert readers[name].summary
