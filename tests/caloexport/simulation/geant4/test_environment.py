from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from caloexport.runtime.errors import InputFileError, MissingDependency
from caloexport.simulation.geant4 import environment
from caloexport.simulation.geant4.data import CONTENT_SHA256, data_folder
from caloexport.simulation.geant4.environment import (
    VARIABLE,
    provenance,
    require_geant4,
    tables_folder,
)

IMPORT = """
import os
os.environ["G4LEDATA"] = "/nowhere"
from caloexport.simulation.geant4.environment import GEANT4_OF, import_geant4
g4 = import_geant4()
assert "G4LEDATA" not in os.environ
assert str(g4.G4Version) == "$Name: geant4-11-04-patch-01 [MT]$", g4.G4Version
assert GEANT4_OF["0.1.3"] == "11.4.1"
"""


@pytest.fixture(autouse=True)
def no_own_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def test_geant4_is_imported_with_our_tables_and_no_network() -> None:
    nowhere = "http://127.0.0.1:9"
    away = {"http_proxy": nowhere, "https_proxy": nowhere}
    done = subprocess.run(
        [sys.executable, "-c", IMPORT],
        env={**os.environ, **away}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_provenance_names_versions_and_tables() -> None:
    assert provenance() == {
        "geant4_version": "11.4.1",
        "geant4_pybind_version": "0.1.3",
        "geant4_tables": "caloexport's own",
        "geant4_tables_sha256": CONTENT_SHA256,
    }


def test_a_user_s_own_data_are_used_and_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spectra = tmp_path / "G4EMLOW8.8" / "brem_SB"
    spectra.mkdir(parents=True)
    (spectra / "br1").write_text("1")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert tables_folder() == tmp_path
    first = provenance()
    assert first["geant4_tables"] == "the user's own G4EMLOW8.8"
    (spectra / "br1").write_text("2")
    assert provenance()["geant4_tables_sha256"] != first["geant4_tables_sha256"]


def test_our_folder_named_by_the_user_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(data_folder()))
    assert provenance()["geant4_tables_sha256"] == CONTENT_SHA256


def test_an_empty_variable_names_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")
    assert tables_folder() == data_folder()


def test_data_of_another_version_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "G4EMLOW7.13").mkdir()
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with pytest.raises(InputFileError, match=r"holds no G4EMLOW8\.8.*unset GEANT4_DATA_DIR"):
        tables_folder()


def test_a_missing_library_comes_with_its_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "installed", lambda name: False)
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    with pytest.raises(MissingDependency, match=r"pip install 'caloexport\[simulate\]'"):
        require_geant4()


def test_a_machine_without_a_wheel_is_told_which_have_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "installed", lambda name: False)
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    with pytest.raises(MissingDependency, match=r"wheels for Linux on x86-64.*none for Linux aar"):
        require_geant4()


def test_another_version_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "version", lambda name: "0.2.0")
    with pytest.raises(MissingDependency, match=r"found 0\.2\.0.*geant4-pybind==0\.1\.3"):
        require_geant4()
