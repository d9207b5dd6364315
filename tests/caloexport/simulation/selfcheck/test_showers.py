from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from caloexport.simulation.crew.record import Recorded
from caloexport.simulation.primary import Primary
from caloexport.simulation.selfcheck import showers
from caloexport.simulation.selfcheck.references import Reference, points
from caloexport.simulation.selfcheck.showers import (
    compare,
    plan_of,
    reference_error,
    sample_of,
    simulate,
)
from tests.toys import toy, toy_plan

__all__ = ["toy"]

POINT = points()[0]


def recorded(number: int, energies: list[float]) -> Recorded:
    """A shower along the axis, from the second layer of cells on."""
    index = (np.arange(len(energies)) + 1).astype(np.uint32)
    cells = {"18x50x45": (index, np.array(energies, dtype=np.float32))}
    total = sum(energies)
    return Recorded(number, Primary(11, 1000.0, 1.57), 0.0, total + 5, 30.0 + number,
                    {"18x50x45": total}, cells)  # fmt: skip


def test_a_point_is_simulated_as_it_was_measured() -> None:
    plan = plan_of(POINT, 7, seed=2)
    assert (plan.n, plan.seed, plan.method, plan.pdg) == (7, 2, "geant4", (11,))
    primary = plan.primary(3)
    assert (primary.energy_mev, primary.theta_rad) == (1000.0, pytest.approx(np.pi / 2))
    (scoring,) = plan.scorings
    assert (scoring.deposits, scoring.threshold_mev) == ("all", 0.0005)


@pytest.mark.usefixtures("toy")
def test_showers_come_back_in_order_and_nothing_is_kept(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path_factory.mktemp("place")
    monkeypatch.setattr("tempfile.tempdir", str(place))
    told: list[int] = []
    found = simulate(toy_plan(6), 2, lambda mev, done: told.append(done))
    assert [shower.number for shower in found] == list(range(6))
    assert told[-1] == 6
    assert not list(place.iterdir())


def test_samples_hold_profiles_and_sums() -> None:
    plan = plan_of(POINT, 2, seed=1)
    sample = sample_of(plan, [recorded(0, [1.0, 2.0]), recorded(1, [3.0, 4.0, 5.0])])
    assert sample.by_depth[:, :5].tolist() == [[0, 1, 2, 0, 0], [0, 3, 4, 5, 0]]
    assert sample.by_radius[:, :2].tolist() == [[3, 0], [12, 0]]
    assert sample.cells.tolist() == [2, 3]
    assert sample.active_mev.tolist() == [30, 31]
    assert sample.inside_mev.tolist() == [3, 12]
    assert (sample.dr_mm, sample.dz_mm) == (2.325, 3.4)


def test_every_value_is_compared_and_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(POINT, 50, seed=1)
    sample = sample_of(plan, [recorded(0, [1.0, 2.0])] * 50)
    exact = {name: (one.value, 0.001 * one.value) for name, one in POINT.values.items()}
    monkeypatch.setattr(showers, "measure", lambda sample, x0_mm: exact)
    checks = compare(POINT, sample)
    assert [check.quantity for check in checks[:-1]] == list(POINT.values)
    assert all(check.passed for check in checks)
    deposited = checks[0]
    # 200 showers then, 50 now: half the error, and the rounding of 0.995
    assert deposited.reference_error == pytest.approx(np.hypot(0.995e-3 / 2, 0.5e-3 / 3**0.5))
    assert checks[-1].quantity.startswith("t_max by the rule")
    assert checks[-1].reference == pytest.approx(4.3, abs=0.01)
    monkeypatch.setattr(showers, "measure", lambda sample, x0_mm: {**exact, "active": (0.04, 3e-4)})
    assert [check.quantity for check in compare(POINT, sample) if not check.passed] == ["active"]


def test_a_published_error_stands() -> None:
    rounded = Reference(0.121, 0.0, 0.006)
    assert reference_error(rounded, 1.0) == 0.006
    assert reference_error(replace(rounded, error=None), 1.0) == 1.0
