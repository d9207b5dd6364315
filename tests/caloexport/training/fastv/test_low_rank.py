"""Few weights in training: the last layer's change is of low rank, and files hold the sum."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.keras_files.read import read_keras_model
from caloexport.runtime.errors import UnsupportedError, UsageError
from caloexport.training import start
from caloexport.training.checkpoint import write_checkpoint
from caloexport.training.data import TrainingData
from caloexport.training.fastv.low_rank import KERNEL, LARGE, LowRank, merged
from caloexport.training.fastv.settings import Loss
from caloexport.training.fastv.trainer import FastvTrainer
from caloexport.training.settings import Schedule
from caloexport.training.starting_weights import take_over
from tests.caloexport.training import tiny, tiny_runs
from tests.caloexport.training.eagerly import eagerly

pytest.importorskip("tensorflow")

RANK = 2


@pytest.fixture(autouse=True)
def eager() -> Iterator[None]:
    with eagerly():
        yield


@pytest.fixture(scope="module")
def showers(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    return tiny.data(tmp_path_factory.mktemp("data"), "siw", "pbwo4")


def made(data: TrainingData, rank: int | None = RANK, seed: int = 0) -> FastvTrainer:
    few = None if rank is None else LowRank(rank)
    return FastvTrainer(
        tiny.NETWORK, tiny.CONDITIONS, Loss(0.01), Schedule(batch=8), data, seed, few
    )


def updated(trainer: FastvTrainer, updates: int = 4) -> FastvTrainer:
    for number in range(updates):
        trainer.apply(trainer.inputs(number), 1e-2, with_loss=True)
    return trainer


def probe(trainer: FastvTrainer) -> np.ndarray:
    random = np.random.default_rng(2)
    conditions = np.tile(np.array([[0.01, 1.0, 1.0, 0.0, 0.0]], "f4"), (5, 1))
    return np.asarray(trainer.decode(random.standard_normal((5, 3)).astype("f4"), conditions))


def test_the_first_update_starts_from_the_weights_as_they_are(showers: TrainingData) -> None:
    np.testing.assert_allclose(probe(made(showers)), probe(made(showers, None)), rtol=1e-6)


def test_only_small_weights_and_the_change_move(showers: TrainingData) -> None:
    before = made(showers).state()
    after = updated(made(showers)).state()
    moments = made(showers).moments()
    moved = {n for n in before if n not in moments and not np.array_equal(before[n], after[n])}
    assert not moved & set(LARGE)
    few = {"low_rank/a", "low_rank/b", "fractions/bias", "decoder_dense_1/kernel"}
    assert few | {"encoder_dense_1/bias", "encoder_dense_2/kernel", "latent_mean/kernel"} <= moved
    change = after["low_rank/a"] @ after["low_rank/b"]
    assert np.linalg.matrix_rank(change) == RANK


def test_a_full_rank_has_the_gradient_of_the_whole_kernel(showers: TrainingData) -> None:
    """B begins at 0: after one update of B alone A B is A Aᵀ times the kernel's gradient."""
    trainer = made(showers, rank=4)
    tf, step = trainer.step.tf, trainer.step
    cells, conditions, _, epsilon, _ = trainer.inputs(0)
    with tf.GradientTape() as tape:
        tape.watch(step.vae.last.kernel.value)
        logits, _ = step._forward(tape, cells, conditions, epsilon)
        loss = tf.reduce_sum(tf.nn.softplus(logits) - logits * cells)
    [kernel, b] = tape.gradient(loss, [step.vae.last.kernel.value, step.own()["low_rank/b"]])
    a = step.own()["low_rank/a"].numpy()
    np.testing.assert_allclose(b.numpy(), a.T @ kernel.numpy(), rtol=1e-4, atol=1e-6)


def test_the_file_holds_the_sum(showers: TrainingData, tmp_path: Path) -> None:
    trainer = updated(made(showers))
    trainer.save_decoder(tmp_path / "decoder.keras")
    network = read_keras_model(tmp_path / "decoder.keras").network
    [last] = [node for node in network.nodes if node.name == "fractions" and node.weights]
    expected = merged(trainer.state())[KERNEL]
    np.testing.assert_allclose(last.weights["kernel"], expected, rtol=1e-6)
    assert not np.allclose(expected, trainer.state()[KERNEL], rtol=1e-3)


@pytest.mark.parametrize("rank", [None, RANK])
def test_saving_leaves_the_weights_as_they_are(
    showers: TrainingData, tmp_path: Path, rank: int | None
) -> None:
    trainer = updated(made(showers, rank))
    before = trainer.state()
    trainer.save_decoder(tmp_path / "decoder.keras")
    for name, value in trainer.state().items():
        np.testing.assert_array_equal(before[name], value, err_msg=name)
    with pytest.raises(OSError):
        trainer.save_decoder(tmp_path / "no" / "decoder.keras")
    for name, value in trainer.state().items():
        np.testing.assert_array_equal(before[name], value, err_msg=name)


def test_what_was_adapted_by_few_weights_can_be_adapted_again(
    showers: TrainingData, tmp_path: Path
) -> None:
    trainer = updated(made(showers))
    write_checkpoint(tmp_path / "checkpoint.safetensors", trainer.state(), {})
    for rank in (None, RANK):
        again = made(showers, rank, seed=5)
        take_over(again, tmp_path / "checkpoint.safetensors")
        np.testing.assert_allclose(probe(again), probe(trainer), rtol=1e-5)


def test_its_state_goes_on_to_the_same_weights(showers: TrainingData) -> None:
    whole = updated(made(showers), 3)
    again = made(showers, seed=0)
    again.restore(whole.state(), "memory")
    for trainer in (whole, again):
        trainer.apply(trainer.inputs(3), 1e-2, with_loss=False)
    for name, value in whole.state().items():
        np.testing.assert_array_equal(again.state()[name], value, err_msg=name)


def test_ranks_that_are_none_are_refused(showers: TrainingData) -> None:
    with pytest.raises(UsageError, match="rank is 0, expected 1 or more"):
        LowRank(0)
    with pytest.raises(UsageError, match="rank is 9, the last layer has no more than 8"):
        made(showers, 9)


@pytest.mark.parametrize("family", ["wgan-gp", "atlas-vae"])
@pytest.mark.parametrize("section", ["low_rank", "step"])
def test_other_families_say_that_they_cannot(family: str, section: str, tmp_path: Path) -> None:
    wanted = tiny_runs.options(tmp_path, family)
    wanted["config"].write_text(wanted["config"].read_text() + f"\n[{section}]\n")
    with pytest.raises(UnsupportedError, match=rf"knows no section \[{section}\]"):
        start.plan_of(family, wanted)
