from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from caloexport.simulation.crew.record import Recorded
from caloexport.simulation.leakage import Leakage, Mean, warnings
from caloexport.simulation.primary import Primary
from tests.toys import toy_plan


def shower(number: int, deposited: float, active: float, inside: float) -> Recorded:
    cells = (np.array([1, 5], dtype=np.uint32), np.array([inside, inside], dtype=np.float32))
    return Recorded(
        number, Primary(11, 1000.0, 1.5), 20.0, deposited, active,
        {"9x16x45": inside}, {"9x16x45": cells},
    )  # fmt: skip


def test_means_and_their_errors() -> None:
    values = np.random.default_rng(1).normal(5.0, 2.0, 100)
    mean = Mean()
    assert mean.error is None
    for value in values:
        mean.add(float(value))
    assert mean.value == pytest.approx(values.mean())
    assert mean.error == pytest.approx(values.std(ddof=1) / 10)


def test_the_balance_of_all_material() -> None:
    leakage = Leakage(toy_plan())
    leakage.add(shower(0, 900.0, 30.0, 450.0))
    leakage.add(shower(1, 1000.0, 30.0, 750.0))
    mesh = leakage.meshes["9x16x45"]
    assert leakage.deposited.value == pytest.approx(0.95)
    assert leakage.deposited.error == pytest.approx(0.05)
    assert leakage.upstream.value == pytest.approx(0.02)
    assert leakage.active.value == pytest.approx(0.03)
    assert mesh.caught.value == pytest.approx((0.5 + 0.75) / 2)
    assert mesh.response.value == pytest.approx(2 * (0.45 + 0.75) / 2)


def test_an_active_mesh_is_measured_by_active_deposits() -> None:
    leakage = Leakage(toy_plan(deposits="active"))
    leakage.add(shower(0, 900.0, 30.0, 24.0))
    leakage.add(shower(1, 900.0, 0.0, 0.0))  # a photon that went through: no share to speak of
    mesh = leakage.meshes["9x16x45"]
    assert (mesh.caught.n, mesh.caught.value) == (1, pytest.approx(0.8))


@pytest.mark.parametrize(("inside", "warned"), [(940.0, True), (975.0, False)])
def test_a_small_mesh_is_warned_of(inside: float, warned: bool) -> None:
    plan = toy_plan()
    leakage = Leakage(plan)
    leakage.add(shower(0, 1000.0, 30.0, inside))
    texts = warnings(plan.scorings[0], leakage.meshes["9x16x45"])
    assert len(texts) == warned
    if warned:
        assert "mesh '9x16x45' is smaller than the shower: 6 % of the deposits" in texts[0]


@pytest.mark.parametrize(
    ("inside", "threshold_mev", "warned"),
    [(990.0, 1e3, True), (990.0, 0.0, False), (0.0, 1e3, False)],
)
def test_showers_that_the_threshold_empties_are_warned_of(
    inside: float, threshold_mev: float, warned: bool
) -> None:
    plan = toy_plan()
    leakage = Leakage(plan)
    nothing = (np.array([], dtype=np.uint32), np.array([], dtype=np.float32))
    empty = replace(shower(0, inside, 30.0, inside), cells={"9x16x45": nothing})
    leakage.add(empty)
    scoring = replace(plan.scorings[0], threshold_mev=threshold_mev)
    texts = warnings(scoring, leakage.meshes["9x16x45"])
    assert any(
        "every cell of every shower is below the threshold of 1 GeV" in t for t in texts
    ) == (warned)
    leakage.add(shower(1, 990.0, 30.0, 990.0))  # one that is not empty is enough
    assert not warnings(scoring, leakage.meshes["9x16x45"])
