"""What counts as a compiler: CXX is written by people, and may name anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.converters.cpp.compiler import compiler, require_compiler
from caloexport.runtime.errors import MissingDependency
from tests.programs import require_program


@pytest.mark.parametrize("named", ['g++ "', "/nowhere/g++", '""', "{folder}", "{folder}/text"])
def test_what_is_no_compiler_is_told_as_missing(
    named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tmp_path / "text"
    text.write_bytes(b"no program of any machine")
    text.chmod(0o755)
    command = named.format(folder=tmp_path)
    monkeypatch.setenv("CXX", command)
    with pytest.raises(MissingDependency, match="CXX=") as caught:
        require_compiler()
    assert caught.value.hint is not None
    assert "correct or unset CXX" in caught.value.hint


@pytest.mark.system
def test_options_belong_to_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    require_program("g++")
    monkeypatch.setenv("CXX", "env 'g++' -pipe")
    assert compiler() == ["env", "g++", "-pipe"]
