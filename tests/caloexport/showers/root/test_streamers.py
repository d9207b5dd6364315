"""Descriptions of classes in a file: what uproot would run of them, and whom they reach."""

from __future__ import annotations

import builtins
from pathlib import Path

import pytest
import uproot

from caloexport.runtime.errors import InputFileError
from caloexport.showers import open_showers
from tests.house import TESTS

GOLDEN = TESTS / "golden" / "par04" / "global.root"
GEANT4_TREE_VERSION = 5


def test_classes_of_a_file_stay_with_it() -> None:
    """A damaged description of a class must not serve for the next file."""
    known = dict(uproot.classes["TTree"].known_versions)
    assert GEANT4_TREE_VERSION not in known
    with open_showers(GOLDEN) as found:
        assert found.n == 3
    assert uproot.classes["TTree"].known_versions == known


@pytest.mark.parametrize("name", [b"f')#tri\n", b'"+evil()', b"f\\x41\\x4", b"fEntri\xff\xff"])
def test_a_name_that_is_code_is_refused(tmp_path: Path, name: bytes) -> None:
    whole = GOLDEN.read_bytes()
    assert whole.count(b"\x08fEntries") > 1  # Geant4 does not compress the descriptions
    path = tmp_path / "a.root"
    path.write_bytes(whole.replace(b"\x08fEntries", b"\x08" + name))
    with pytest.raises(InputFileError, match=r"which is none in C\+\+ .do not trust this file"):
        open_showers(path)


def test_nothing_of_such_a_file_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``fEntries`` becomes the name of a counter, which uproot pastes into the code as it is."""
    monkeypatch.setattr(
        builtins, "e", lambda: pytest.fail("code of the file was run"), raising=False
    )
    path = tmp_path / "a.root"
    whole = GOLDEN.read_bytes()
    assert b"\x0bfMaxBaskets" in whole
    path.write_bytes(whole.replace(b"\x0bfMaxBaskets", b'\x0b{e()}+x\n"""'))
    with pytest.raises(InputFileError, match="do not trust this file"):
        open_showers(path)


def test_another_name_is_believed(tmp_path: Path) -> None:
    """The refusals are about what the names hold, not about any change of them."""
    path = tmp_path / "a.root"
    path.write_bytes(GOLDEN.read_bytes().replace(b"\x08fTotBytes", b"\x08fTotBites"))
    with open_showers(path) as found:
        assert found.n == 3
