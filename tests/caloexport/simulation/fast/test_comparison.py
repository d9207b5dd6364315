"""The comparison of full and fast simulation, from measured rows to figures."""

from __future__ import annotations

import json
import math

import pytest

from caloexport.runtime.errors import UsageError
from caloexport.simulation.crew.dispatch import WorkerFailed
from caloexport.simulation.fast import comparison
from caloexport.simulation.fast.comparison import Point, grid, point_of, table
from caloexport.simulation.spectrum import Spectrum
from tests.caloexport.simulation.fast.conftest import MakePlan


def test_every_energy_comes_at_every_angle(make_plan: MakePlan) -> None:
    energies, angles = (1000.0, 2000.0, 3000.0), (1.1, 1.2, 1.3)
    plan = grid(
        make_plan(
            pdg=(22, 11), energy_mev=Spectrum("values", energies),
            theta_rad=Spectrum("values", angles),
        )
    )  # fmt: skip
    pairs = {(p.energy_mev, p.theta_rad) for p in map(plan.primary, range(9))}
    assert pairs == {(energy, angle) for energy in energies for angle in angles}
    assert plan.primary(13).energy_mev == plan.primary(4).energy_mev
    assert plan.pdg == (22,)


def test_a_range_cannot_be_compared(make_plan: MakePlan) -> None:
    with pytest.raises(UsageError, match="not a range"):
        grid(make_plan(energy_mev=Spectrum("uniform", (1e3, 2e3))))


def rows(full_s: float, slow: float) -> dict[str, object]:
    """Return a turn on a machine that is ``slow`` times slower."""
    fast_s = [0.001 * slow, 0.002 * slow, 0.009 * slow]
    return {"full_s": full_s * slow, "fast_s": fast_s, "full": 0.98, "fast": [0.97, 0.98, 0.99]}


def test_the_ratio_is_taken_within_a_turn() -> None:
    point = point_of(1e4, math.pi / 2, [rows(0.1, 1.0), rows(0.1, 3.0), rows(0.12, 1.0)])
    assert point.speed_up[0] == pytest.approx(50.0)
    assert point.speed_up[1] < 6  # the slow turn does not spread it
    assert point.full_ms[0] == pytest.approx(120.0)
    assert point.full_ms[1] > 50


def test_the_response_comes_with_its_error() -> None:
    point = point_of(1e4, math.pi / 2, [rows(0.1, 1.0)] * 3)
    assert point.full_response == pytest.approx((0.98, 0.0))
    spread = math.sqrt(6 * 0.01**2 / 8)
    assert point.fast_response == pytest.approx((0.98, spread / 3))
    shift, error = point.shift
    assert shift == pytest.approx(0.0)
    assert error == pytest.approx(spread / 3 / 0.98)


def test_a_point_is_json() -> None:
    point = Point(1e3, 1.5, (9.0, 1.0), (1.0, 0.1), (9.0, 1.0), (0.98, 0.01), (0.97, 0.01))
    data = json.loads(json.dumps(point.to_json()))
    assert data["energy_mev"] == 1e3
    assert data["response_shift"][0] == pytest.approx(0.97 / 0.98 - 1)


def test_the_table_has_a_row_per_point() -> None:
    point = Point(1e4, math.pi / 3, (90.0, 7.0), (0.9, 0.11), (99.6, 8.0), (0.98, 2e-4), (1, 3e-3))
    row = table([point, point]).splitlines()[3]
    assert row.startswith("| 10 GeV | 60° | 90 ± 7 | 0.9 ± 0.11 | 99.6 ± 8 | 98.00 ± 0.02 % |")
    assert row.endswith("| 2.04 ± 0.31 % |")


def test_a_process_that_dies_is_reported_with_its_last_words(
    make_plan: MakePlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "WORKER", "caloexport.simulation.no_such_worker")
    with pytest.raises(WorkerFailed, match=r"exit code 1(.|\n)*no_such_worker"):
        comparison.compare(make_plan())
