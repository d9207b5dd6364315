"""Going from task to task, for every family."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.training import start
from caloexport.training.families import Trainer, families
from caloexport.training.meta.settings import MetaSettings
from caloexport.training.meta.trainer import MetaTrainer
from caloexport.training.planned_data import planned_data
from caloexport.training.planned_trainer import planned_trainer
from caloexport.training.settings import Schedule
from tests.caloexport.training import every_family
from tests.caloexport.training.eagerly import eagerly

pytest.importorskip("tensorflow")

STAY, RATE, LEARNING = 3, 0.5, 1e-3
SCHEDULE = Schedule(updates=100 * STAY)


@pytest.fixture(autouse=True)
def eager() -> Iterator[None]:
    with eagerly():
        yield


@pytest.fixture(scope="module", params=list(families))
def family(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def made(family: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Make trainers of one family that begin from the same weights."""
    folder = tmp_path_factory.mktemp("data")
    plan = start.plan_of(family, every_family.options(folder, family, updates=18))
    data = planned_data(plan)
    return lambda: planned_trainer(plan, data)


def settings(family: str, rate: float = RATE, **choices: Any) -> MetaSettings:
    tasks = every_family.tasks_of(family)
    return MetaSettings(
        tasks=tasks, inner_updates=STAY, outer_rate=rate, final_outer_rate=rate, **choices
    )


def updated(trainer: Trainer, updates: range) -> list[np.ndarray]:
    """Return the weights after some updates."""
    for number in updates:
        trainer.apply(trainer.inputs(number), LEARNING, with_loss=False)
    return [weight.numpy() for weight in trainer.weights()]


def plain(made: Any, family: str) -> Trainer:
    """Return a trainer that goes from task to task without more ado."""
    trainer: Trainer = made()
    MetaTrainer(trainer, settings(family), SCHEDULE)
    return trainer


def assert_close(found: list[np.ndarray], expected: list[np.ndarray]) -> None:
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-7)


def test_reptile_goes_part_of_the_way_of_all_updates(made: Any, family: str) -> None:
    begun = updated(made(), range(0))
    led = updated(plain(made, family), range(STAY))
    found = updated(MetaTrainer(made(), settings(family), SCHEDULE), range(STAY))
    assert any(np.abs(one - other).max() > 1e-4 for one, other in zip(begun, led, strict=True))
    assert_close(found, [a + RATE * (b - a) for a, b in zip(begun, led, strict=True)])


def test_first_order_maml_goes_part_of_the_last_update(made: Any, family: str) -> None:
    begun = updated(made(), range(0))
    trainer = plain(made, family)
    before, after = updated(trainer, range(STAY - 1)), updated(trainer, range(STAY - 1, STAY))
    chosen = settings(family, algorithm="first-order-maml")
    found = updated(MetaTrainer(made(), chosen, SCHEDULE), range(STAY))
    moved = zip(begun, before, after, strict=True)
    assert_close(found, [a + RATE * (c - b) for a, b, c in moved])


def test_the_whole_way_of_kept_moments_is_plain_training(made: Any, family: str) -> None:
    found = updated(MetaTrainer(made(), settings(family, rate=1.0), SCHEDULE), range(2 * STAY))
    assert_close(found, updated(plain(made, family), range(2 * STAY)))


def test_moments_are_those_of_a_first_update_when_a_task_begins(made: Any, family: str) -> None:
    """With RATE 0.5 the second turn of a reset optimizer is a training from these weights."""
    trainer = MetaTrainer(made(), settings(family, moments="reset"), SCHEDULE)
    updated(trainer, range(STAY))
    state = trainer.inner.state()
    fresh = plain(made, family)
    fresh.restore(state, "memory")
    for moment in fresh.moments().values():
        moment.assign(np.zeros(moment.shape, moment.dtype.as_numpy_dtype))
    for inner in range(STAY):
        fresh.apply(fresh.inputs(STAY + inner, inner), LEARNING, with_loss=False)
    led = [weight.numpy() for weight in fresh.weights()]
    shared = [weight.numpy() for weight in trainer.weights()]
    found = updated(trainer, range(STAY, 2 * STAY))
    assert_close(found, [a + RATE * (b - a) for a, b in zip(shared, led, strict=True)])


@pytest.mark.parametrize("algorithm", ["reptile", "first-order-maml"])
def test_a_state_within_a_turn_goes_on_to_the_same_weights(
    made: Any, family: str, algorithm: str
) -> None:
    chosen = settings(family, algorithm=algorithm)
    whole = MetaTrainer(made(), chosen, SCHEDULE)
    updated(whole, range(STAY + 1))
    again = MetaTrainer(made(), chosen, SCHEDULE)
    again.restore(whole.state(), "memory")
    rest = range(STAY + 1, 2 * STAY + 1)
    for one, other in zip(updated(again, rest), updated(whole, rest), strict=True):
        np.testing.assert_array_equal(one, other)


def test_scores_within_a_turn_are_refused(made: Any, family: str) -> None:
    with pytest.raises(UsageError, match="evaluate_updates is 4, expected a multiple") as caught:
        MetaTrainer(made(), settings(family), Schedule(updates=STAY, evaluate_updates=4))
    assert caught.value.hint == "set evaluate_updates = 6"
