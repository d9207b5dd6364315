from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.runtime.errors import MissingDependency
from caloexport.runtime.extras import installed, require


def test_installed_looks_without_importing() -> None:
    assert installed("numpy")
    assert not installed("no_such_library")
    assert not installed("no_such_library.inner")


def test_absent_library_gives_the_install_line() -> None:
    with pytest.raises(MissingDependency, match=r"pip install 'caloexport\[onnx\]'") as caught:
        require("no_such_library.inner", extra="onnx")
    assert caught.value.message == "no_such_library is not installed"
    assert caught.value.exit_code == 5


def test_a_broken_library_shows_its_own_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "half_installed.py").write_text("import no_such_library")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModuleNotFoundError, match="no_such_library"):
        require("half_installed", extra="onnx")
