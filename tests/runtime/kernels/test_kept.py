"""What numba compiles is kept in the user's folder, not beside its source."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numba
import pytest

from caloexport.runtime.kernels import kept

SOURCE = """
from caloexport.runtime.kernels.kept import kept

@kept()
def doubled(x):
    return 2 * x
"""


@pytest.fixture(autouse=True)
def anew() -> None:
    kept._place.cache_clear()


def loaded(folder: Path, source: str = SOURCE) -> Any:
    folder.mkdir(exist_ok=True)
    path = folder / "room.py"
    path.write_text(source)
    spec = importlib.util.spec_from_file_location("room", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.doubled(3) == 6
    return module


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.nbi"))


def test_nothing_lies_beside_the_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALOEXPORT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    loaded(tmp_path / "room")
    assert len(files(tmp_path / "cache")) == 1
    assert files(tmp_path / "room") == []
    assert numba.config.CACHE_DIR == ""
    kept._place.cache_clear()
    (tmp_path / "room" / "called.py").write_text("x = 1\n")
    loaded(tmp_path / "room")
    assert len(files(tmp_path / "cache")) == 2, "another file of the room has changed"


def test_a_folder_that_others_can_write_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "cache"
    place.mkdir()
    place.chmod(0o777)
    monkeypatch.setenv("CALOEXPORT_CACHE", str(place))
    loaded(tmp_path / "room")
    assert files(tmp_path) == []
