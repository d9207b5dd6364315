from __future__ import annotations

import subprocess

import pytest

from caloexport.simulation.selfcheck import cross_sections
from caloexport.simulation.selfcheck.cross_sections import CrossSectionsFailed, ask_geant4
from caloexport.simulation.selfcheck.matter import compare


def test_geant4_with_our_tables_agrees_with_nist_and_pdg() -> None:
    checks = compare(ask_geant4())
    assert len(checks) == 2 * 5 + 5 * 20
    assert [check for check in checks if not check.passed] == []
    worst = max(abs(check.deviation) for check in checks if "attenuation" in check.quantity)
    assert worst < 0.018


def test_wrong_cross_sections_are_found() -> None:
    found = {
        name: {"attenuation_cm2_g": [0.1] * 20, "x0_table_g_cm2": 6.4, "x0_radiated_g_cm2": 6.4}
        for name in ("G4_W", "G4_Pb", "G4_Si", "G4_POLYSTYRENE", "G4_PbWO4")
    }
    failed = {(check.subject, check.quantity) for check in compare(found) if not check.passed}
    assert ("G4_W", "X0 of the material, g/cm²") in failed
    assert ("G4_Pb", "X0 of the material, g/cm²") in failed
    assert ("G4_Pb", "X0 by radiation at 10 GeV, g/cm²") not in failed
    assert ("G4_Si", "attenuation at 1 MeV, cm²/g") in failed


def test_a_geant4_that_dies_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, -6, "", "*** Fatal Exception ***")

    monkeypatch.setattr(cross_sections.subprocess, "run", die)
    with pytest.raises(CrossSectionsFailed, match=r"exit code -6 \(\*\*\* Fatal"):
        ask_geant4()
