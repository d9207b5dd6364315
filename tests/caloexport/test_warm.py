"""The kernels are compiled before they are needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.converters.export import export
from caloexport.runtime.errors import MissingDependency, OutputFileError
from caloexport.runtime.generator import Generator
from caloexport.runtime.kernels import cache, natives
from caloexport.runtime.kernels.level import LEVEL
from caloexport.runtime.network import Network
from caloexport.warm import warm
from tests.networks import decoder, dense


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    natives.natives()


def test_what_is_there_already_is_not_compiled_again() -> None:
    result = warm()
    assert result["compiled"] is False
    assert result["instructions"] == LEVEL
    assert Path(result["path"]).is_file()
    assert "first_shower" not in result


def test_an_artifact_proves_itself(tmp_path: Path) -> None:
    path = export(decoder(), "numba", tmp_path / "toy.safetensors", verify=False).path
    first = warm(path)["first_shower"]
    assert first["compiled_network"] is True
    assert first["sum"] > 0


def test_a_bare_network_proves_itself(tmp_path: Path) -> None:
    bare = Generator.from_network(Network({"x": (4,)}, [dense("y", "x", 4, 2)], ["y"]))
    path = export(bare, "numba", tmp_path / "bare.safetensors", verify=False).path
    assert warm(path)["first_shower"]["sum"] == pytest.approx(0.2)  # its biases


def test_a_folder_that_keeps_nothing_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernels = natives.find().kernels
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "file"))
    monkeypatch.setattr(natives, "compile_kernels", lambda identity: kernels)
    with pytest.raises(OutputFileError, match=r"cannot be kept.*CALOEXPORT_CACHE"):
        warm()


def test_numba_must_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caloexport.runtime.backends.numba.installed", lambda name: False)
    with pytest.raises(MissingDependency, match=r"caloexport\[numba\]"):
        warm()
