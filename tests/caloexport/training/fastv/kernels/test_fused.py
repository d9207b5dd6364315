"""The fused update does what TensorFlow's does, to rounding, and always the same bits."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from caloexport.runtime.errors import MissingDependency, UnknownName
from caloexport.runtime.mesh import CylinderMesh
from caloexport.training.data import TrainingData, load
from caloexport.training.families import Trainer
from caloexport.training.fastv.engines import StepSettings
from caloexport.training.fastv.kernels.last_layer import TILE
from caloexport.training.fastv.low_rank import LowRank
from caloexport.training.fastv.settings import Loss
from caloexport.training.fastv.trainer import FastvTrainer
from caloexport.training.fastv.workers import Workers
from caloexport.training.meta.settings import MetaSettings
from caloexport.training.meta.trainer import MetaTrainer
from caloexport.training.recalibration import forget
from caloexport.training.settings import Schedule
from caloexport.training.sparse_showers import from_dense
from tests.caloexport.training import tiny
from tests.caloexport.training.eagerly import eagerly

pytest.importorskip("tensorflow")
pytest.importorskip("numba")

#: more cells than two tiles, and not a whole number of blocks
WIDE = CylinderMesh(10, 9, 11, 2.0, 3.0)
RATE = 1e-3
SCHEDULE = Schedule(batch=10)


@pytest.fixture(autouse=True)
def eager() -> Iterator[None]:
    with eagerly():
        yield


@pytest.fixture(scope="module")
def showers(tmp_path_factory: pytest.TempPathFactory) -> dict[CylinderMesh, TrainingData]:
    folder = tmp_path_factory.mktemp("data")
    found = {}
    for mesh in (tiny.MESH, WIDE):
        names = ("siw", "pbwo4")
        files = [tiny.write(folder / f"{mesh.n_r}-{n}.h5", n, mesh=mesh) for n in names]
        found[mesh] = load(files, held_back=0.2)
    return found


def made(data: TrainingData, engine: str, rank: int | None = None) -> FastvTrainer:
    network = replace(tiny.NETWORK, mesh=data.mesh.shape)
    few = None if rank is None else LowRank(rank)
    return FastvTrainer(
        network, tiny.CONDITIONS, Loss(0.01, 0.001), SCHEDULE, data, 0, few, StepSettings(engine)
    )


def updated(trainer: Trainer, first: int, last: int) -> list[dict[str, float]]:
    return [
        trainer.apply(trainer.inputs(number), RATE, with_loss=number % 2 == 0)
        for number in range(first, last)
    ]


def assert_alike_step_by_step(one: Trainer, other: Trainer, updates: int) -> None:
    """Do updates with both, each from the same numbers."""
    for number in range(updates):
        [expected], [found] = (updated(trainer, number, number + 1) for trainer in (one, other))
        assert expected.keys() == found.keys()
        for name, value in expected.items():
            rel = 1e-2 if "gradient" in name else 1e-4  # both are small beside what they sum
            assert found[name] == pytest.approx(value, rel=rel, abs=1e-5), name
        assert_alike(one, other)
        other.restore(one.state(), "memory")


def assert_alike(one: Trainer, other: Trainer) -> None:
    """Compare what an update from the same numbers leaves.

    Adam divides a gradient by its size: where it is nothing but rounding, because normalisation
    takes away what all showers share, a step goes anywhere. Other weights are compared in steps.
    """
    expected, found = one.state(), other.state()
    assert expected.keys() == found.keys()
    for name, value in expected.items():
        if "adam/" in name or "moving" in name:
            atol = 1e-3 * np.abs(value).max()  # normalisation magnifies rounding
            np.testing.assert_allclose(found[name], value, rtol=0, atol=atol, err_msg=name)
    for name, value in _weights(one).items():
        gradient = np.abs(expected[f"adam/first/{name[-2:]}"])
        clear = gradient >= 1e-3 * gradient.max()
        apart = np.abs(_weights(other)[name] - value)[clear]
        assert apart.max() <= 0.01 * RATE, name


def _weights(trainer: Trainer) -> dict[str, np.ndarray]:
    """Return the trained weights, and what is shared by tasks, by their number."""
    shared = {name: value for name, value in trainer.state().items() if name.startswith("meta/")}
    return {f"{i:02d}": weight.numpy() for i, weight in enumerate(trainer.weights())} | shared


def assert_same(one: Trainer, other: Trainer) -> None:
    found = other.state()
    for name, value in one.state().items():
        np.testing.assert_array_equal(found[name], value, err_msg=name)


@pytest.mark.parametrize("rank", [None, 3])
@pytest.mark.parametrize("mesh", [tiny.MESH, WIDE], ids=["tiny", "wide"])
def test_updates_are_tensorflows_to_rounding(
    showers: dict[CylinderMesh, TrainingData], mesh: CylinderMesh, rank: int | None
) -> None:
    assert WIDE.n_r * WIDE.n_phi * WIDE.n_z > 2 * TILE
    one, other = (made(showers[mesh], engine, rank) for engine in ("tensorflow", "numba"))
    assert_alike_step_by_step(one, other, 10)


@pytest.mark.parametrize("rank", [None, 3])
def test_threads_and_a_resumption_change_no_bit(
    showers: dict[CylinderMesh, TrainingData], rank: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "caloexport.training.fastv.kernels.fused.Workers", lambda number: Workers(1)
    )
    alone = made(showers[WIDE], "numba", rank)
    monkeypatch.setattr(
        "caloexport.training.fastv.kernels.fused.Workers", lambda number: Workers(2)
    )
    two, again = (made(showers[WIDE], "numba", rank) for _ in range(2))
    expected = updated(alone, 0, 4)
    assert updated(two, 0, 2) == expected[:2]
    again.restore(two.state(), "memory")
    for later in (two, again):
        assert updated(later, 2, 4) == expected[2:]
        assert_same(alone, later)


def test_tasks_share_weights_and_no_memory(showers: dict[CylinderMesh, TrainingData]) -> None:
    settings = MetaSettings(inner_updates=3, outer_rate=0.5, final_outer_rate=0.5)
    schedule = replace(SCHEDULE, updates=12, evaluate_updates=12)
    one, other = (
        MetaTrainer(made(showers[tiny.MESH], engine), settings, schedule)
        for engine in ("tensorflow", "numba")
    )
    assert_alike_step_by_step(one, other, 7)
    shared, weights = (
        [variable.numpy() for variable in variables]
        for variables in (other.shared, other.weights())
    )
    assert not any(np.array_equal(one, other) for one, other in zip(shared, weights, strict=True))


def test_a_shower_without_hits_is_a_shower(showers: dict[CylinderMesh, TrainingData]) -> None:
    data = showers[tiny.MESH]
    cells = data.showers.dense(np.arange(len(data.showers)))
    cells[::2] = 0
    emptied = replace(data, showers=from_dense(cells))
    assert_alike_step_by_step(*(made(emptied, engine) for engine in ("tensorflow", "numba")), 1)


def test_what_tensorflow_sets_is_taken_over(showers: dict[CylinderMesh, TrainingData]) -> None:
    """Between updates the last bias is moved and moments are forgotten, in other memory."""
    both = [made(showers[tiny.MESH], engine) for engine in ("tensorflow", "numba")]
    assert_alike_step_by_step(*both, 1)
    for trainer in both:
        forget(trainer)
        trainer.vae.last.bias.assign_add(np.full(60, 0.5, np.float32))
        kept = trainer.vae.last.bias.value.numpy()
        updated(trainer, 1, 2)
        assert not np.array_equal(trainer.vae.last.bias.value.numpy(), kept)
    assert_alike(*both)


def test_a_number_that_is_none_shows_in_the_losses(
    showers: dict[CylinderMesh, TrainingData],
) -> None:
    for name in ("fractions/bias", "encoder_dense_1/kernel"):
        trainer = made(showers[tiny.MESH], "numba")
        state = trainer.state()
        state[name].flat[7] = np.nan
        trainer.restore(state, "memory")
        assert np.isnan(updated(trainer, 1, 2)[0]["gradient of the biases"])


def test_without_numba_the_line_that_installs_it_is_told(
    showers: dict[CylinderMesh, TrainingData], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(MissingDependency, match=r"caloexport\[train\]"):
        made(showers[tiny.MESH], "numba")


def test_engines_that_are_none_are_refused() -> None:
    with pytest.raises(UnknownName, match="did you mean 'numba'"):
        StepSettings("nunba")
