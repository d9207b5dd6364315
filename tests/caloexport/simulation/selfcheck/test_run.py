from __future__ import annotations

import json
from typing import Any

import pytest

from caloexport.cli.main import exit_code
from caloexport.simulation.selfcheck import matter, run, showers
from caloexport.simulation.selfcheck.check import Check
from caloexport.simulation.selfcheck.references import Point

GOOD = Check("G4_Pb", "attenuation at 1 MeV, cm²/g", 0.0715, 0, 0.07102, 0, 0.02)
WORSE = Check("G4_Pb", "attenuation at 8 MeV, cm²/g", 0.0475, 0, 0.04675, 0, 0.02)


@pytest.fixture
def without_geant4(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Put numbers in the place of simulations; say what was asked for."""
    asked: dict[str, Any] = {"plans": [], "found": 0.0320}

    def simulate(plan: Any, jobs: int, report: Any) -> str:
        asked["plans"].append((plan.detector.name, plan.energy_mev.low, plan.n, plan.seed, jobs))
        return "showers"

    def compare(point: Point, sample: Any) -> list[Check]:
        subject = f"{point.detector}, {point.energy_mev / 1e3:g} GeV"
        return [Check(subject, "active", asked["found"], 0.0003, 0.0319, 0.0004)]

    monkeypatch.setattr(run, "ask_geant4", dict)
    monkeypatch.setattr(matter, "compare", lambda found: [GOOD, WORSE])
    monkeypatch.setattr(showers, "simulate", simulate)
    monkeypatch.setattr(showers, "sample_of", lambda plan, found: found)
    monkeypatch.setattr(showers, "compare", compare)
    return asked


def test_all_detectors_at_the_usual_energies(without_geant4: dict[str, Any]) -> None:
    outcome = run.selfcheck(jobs=3, seed=5)
    assert without_geant4["plans"] == [
        (name, energy_mev, n, 5, 3)
        for name in ("siw", "scipb", "pbwo4")
        for energy_mev, n in ((1e3, 200), (1e4, 60))
    ]
    assert not outcome.failed
    assert outcome.made_by["geant4_version"] == "11.4.1"


def test_full_adds_the_highest_energy(without_geant4: dict[str, Any]) -> None:
    run.selfcheck(full=True)
    assert [plan[1:3] for plan in without_geant4["plans"]][2::3] == [(1e5, 20)] * 3


def test_tables_name_the_worst_of_a_kind(
    without_geant4: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["simulate", "selfcheck", "--jobs", "1"]) == 0
    shown = capsys.readouterr().out
    assert "attenuation at 8 MeV" in shown
    assert "attenuation at 1 MeV" not in shown
    assert "0.03200 ± 0.00030" in shown
    assert "all 8 checks passed" in shown


def test_a_failed_check_exits_with_1(
    without_geant4: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    without_geant4["found"] = 0.035
    assert exit_code(["simulate", "selfcheck", "--jobs", "1"]) == 1
    shown = capsys.readouterr()
    assert "FAIL" in shown.out
    assert "6 of 8 checks failed" in shown.err
    assert "first: siw, 1 GeV, active" in shown.err


@pytest.mark.parametrize(("found", "code"), [(0.032, 0), (0.035, 1)])
def test_json(
    without_geant4: dict[str, Any], capsys: pytest.CaptureFixture[str], found: float, code: int
) -> None:
    without_geant4["found"] = found
    assert exit_code(["simulate", "selfcheck", "--json"]) == code
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "caloexport.selfcheck/1"
    assert told["passed"] is (code == 0)
    assert [check["passed"] for check in told["checks"]] == [True] * 2 + [code == 0] * 6
