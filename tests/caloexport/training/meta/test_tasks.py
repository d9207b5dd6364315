"""Tasks, and the batches that stay with them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.training.data import TrainingData, load
from caloexport.training.meta.tasks import TaskBatches, tasks_of
from tests.caloexport.training import tiny

SIZE, STAY = 6, 4


@pytest.fixture(scope="module")
def showers(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    folder = tmp_path_factory.mktemp("data")
    files = [
        tiny.write(folder / "siw.h5", "siw", n=40),
        tiny.write(folder / "scipb.h5", "scipb", n=60),
        tiny.write(folder / "pbwo4.h5", "pbwo4", n=80, theta_deg=60.0),
    ]
    return load(files, held_back=0.2)


def batches(data: TrainingData, condition: str = "geometry", seed: int = 1) -> TaskBatches:
    conditions = np.zeros((len(data.showers), 1), dtype=np.float32)
    tasks = tasks_of(data, data.training, condition)
    return TaskBatches(
        data.showers, conditions, data.training, None, data.mesh, SIZE, seed, tasks, STAY
    )


def test_every_shower_belongs_to_the_task_of_its_condition(showers: TrainingData) -> None:
    tasks = tasks_of(showers, showers.training, "geometry")
    assert [task.name for task in tasks] == ["geometry pbwo4", "geometry scipb", "geometry siw"]
    for task in tasks:
        assert {f"geometry {name}" for name in showers.geometry[task.chosen]} == {task.name}
    together = np.concatenate([task.chosen for task in tasks])
    assert sorted(together) == sorted(showers.training)


def test_angles_are_tasks_too(showers: TrainingData) -> None:
    found = {
        task.name: len(task.chosen) for task in tasks_of(showers, showers.training, "theta_rad")
    }
    assert found == {"theta_rad 1.047198": 64, "theta_rad 1.570796": 80}


def test_showers_that_come_twice_stay_twice(showers: TrainingData) -> None:
    twice = np.repeat(showers.training, 2)
    tasks = tasks_of(showers, twice, "geometry")
    assert sum(len(task.chosen) for task in tasks) == len(twice)


def test_updates_stay_with_a_task_and_every_task_has_its_turn(showers: TrainingData) -> None:
    made = batches(showers)
    for round_ in range(5):
        seen = []
        for turn in range(3):
            updates = range((round_ * 3 + turn) * STAY, (round_ * 3 + turn + 1) * STAY)
            [name] = {n for u in updates for n in showers.geometry[made.selection(u)]}
            assert {n for u in updates for n in showers.geometry[made.among(u)]} == {name}
            seen.append(name)
        assert sorted(seen) == ["pbwo4", "scipb", "siw"]


def test_the_order_of_tasks_varies(showers: TrainingData) -> None:
    made = batches(showers)
    orders = {tuple(made.turn((3 * r + t) * STAY)[0] for t in range(3)) for r in range(12)}
    assert len(orders) > 1


def test_an_epoch_of_a_task_has_every_shower_once(showers: TrainingData) -> None:
    made = batches(showers)
    siw = [u for u in range(200) if made.turn(u)[0] == 2]
    per_epoch = 32 // SIZE
    for epoch in range(3):
        part = siw[epoch * per_epoch : (epoch + 1) * per_epoch]
        counts = Counter(int(n) for u in part for n in made.selection(u))
        assert set(counts.values()) == {1}
        assert len(counts) == per_epoch * SIZE


def test_a_batch_follows_from_seed_and_update_alone(showers: TrainingData) -> None:
    forwards, backwards = batches(showers), batches(showers)
    expected = [forwards.selection(u) for u in range(30)]
    for update in reversed(range(30)):
        np.testing.assert_array_equal(backwards.selection(update), expected[update])
    assert not np.array_equal(batches(showers, seed=2).selection(0), expected[0])


def test_an_epoch_is_whole_turns(showers: TrainingData) -> None:
    assert batches(showers).per_epoch == 144 // (SIZE * STAY) * STAY


def test_what_is_no_condition_of_tasks_is_refused(showers: TrainingData, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="geometri"):
        tasks_of(showers, showers.training, "geometri")
    with pytest.raises(UsageError, match="'energy_mev' has 144 value"):
        tasks_of(showers, showers.training, "energy_mev")
    one = tiny.data(tmp_path, "siw")
    with pytest.raises(UsageError, match="'geometry' has 1 value"):
        tasks_of(one, one.training, "geometry")


def test_a_task_with_fewer_showers_than_a_batch_is_named(showers: TrainingData) -> None:
    conditions = np.zeros((len(showers.showers), 1), dtype=np.float32)
    tasks = tasks_of(showers, showers.training, "geometry")
    with pytest.raises(UsageError, match="geometry siw: 32 training showers do not fill"):
        TaskBatches(showers.showers, conditions, showers.training, None, showers.mesh, 40, 0, tasks)
