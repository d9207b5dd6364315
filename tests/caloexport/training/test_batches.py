from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.runtime.mesh import CylinderMesh
from caloexport.training.batches import Batches, turned_cells
from caloexport.training.data import TrainingData
from tests.caloexport.training import tiny


def make(data: TrainingData, *, rotate: bool = True, size: int = 8, seed: int = 1) -> Batches:
    number = np.arange(len(data.showers), dtype=np.float32)[:, None]
    turnable = data.perpendicular if rotate else None
    return Batches(data.showers, number, data.training, turnable, data.mesh, size, seed)


@pytest.fixture
def showers(tmp_path: Path) -> TrainingData:
    return tiny.data(tmp_path, "siw")


def test_the_same_seed_and_update_give_the_same_batch(showers: TrainingData) -> None:
    one, other = make(showers), make(showers)
    other.batch(7)  # what was drawn before does not matter
    for first, second in zip(one.batch(5), other.batch(5), strict=True):
        np.testing.assert_array_equal(first, second)
    assert not np.array_equal(one.batch(5)[0], make(showers, seed=2).batch(5)[0])


def test_an_epoch_trains_on_every_shower_but_those_held_back(showers: TrainingData) -> None:
    batches = make(showers, rotate=False)
    seen = np.concatenate([batches.selection(i) for i in range(batches.per_epoch)])
    assert sorted(seen) == sorted(showers.training)
    assert not showers.held_back[seen].any()


def test_without_turning_a_batch_is_the_showers_themselves(showers: TrainingData) -> None:
    cells, conditions = make(showers, rotate=False).batch(3)
    np.testing.assert_array_equal(cells, showers.showers.dense(conditions[:, 0].astype(int)))


def test_turning_keeps_every_shower_up_to_turn_and_mirror(showers: TrainingData) -> None:
    cells, conditions = make(showers).batch(0)
    moved = 0
    for turned, number in zip(cells, conditions[:, 0].astype(int), strict=True):
        original = showers.showers.dense(np.array([number])).reshape(tiny.MESH.shape)
        images = [
            np.roll(image, shift, axis=1)
            for image in (original, original[:, ::-1])
            for shift in range(tiny.MESH.n_phi)
        ]
        matches = [np.array_equal(turned.reshape(tiny.MESH.shape), image) for image in images]
        assert any(matches)
        moved += not matches[0]
    assert moved > 0


def test_inclined_showers_are_not_turned(tmp_path: Path) -> None:
    from caloexport.training.data import load

    data = load([tiny.write(tmp_path / "a.h5", theta_deg=60.0)], held_back=0.2)
    cells, conditions = make(data).batch(0)
    np.testing.assert_array_equal(cells, data.showers.dense(conditions[:, 0].astype(int)))


@pytest.mark.parametrize("order", [("r", "phi", "z"), ("z", "phi", "r")])
def test_turned_cells_are_permutations_in_every_storage_order(order: tuple[str, ...]) -> None:
    mesh = CylinderMesh(2, 5, 3).in_order(order)
    table = turned_cells(mesh)
    assert table.shape == (10, 30)
    assert all(sorted(row) == list(range(30)) for row in table)
    index = mesh.indices()
    np.testing.assert_array_equal(table[0], np.arange(30))
    np.testing.assert_array_equal(index["phi"][table[1]], (index["phi"] + 1) % 5)
    np.testing.assert_array_equal(index["r"][table[7]], index["r"])


def test_too_few_showers_for_a_batch_are_refused(showers: TrainingData) -> None:
    with pytest.raises(UsageError, match="32 training showers do not fill a batch of 33"):
        make(showers, size=33)
