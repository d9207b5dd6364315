from __future__ import annotations

import numpy as np
import pytest

from caloexport.runtime.errors import UsageError
from caloexport.training.data import TrainingData
from caloexport.training.guard import Guard
from caloexport.training.wgan.reversal import ReversalStep, reversed_gradient
from caloexport.training.wgan.settings import Critics
from tests.caloexport.training import window_toy
from tests.caloexport.training.eagerly import eagerly
from tests.caloexport.training.wgan import toy

pytest.importorskip("tensorflow")
WEIGHTS = (1.0, 0.25)
TWO = Critics(
    inputs=({"cells": 2.0}, {"cells": 2.0, "total": 0.0}),
    weights=WEIGHTS,
    training="reversal",
    per_update=1,
    hidden=(5, 4),
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    return window_toy.data(tmp_path_factory.mktemp("showers"), n=24)


def test_the_layer_is_the_identity_forwards_and_turns_the_sign_backwards() -> None:
    import tensorflow as tf

    x = tf.Variable([1.0, -2.0])
    with tf.GradientTape() as tape:
        y = reversed_gradient(x, 0.25)
        loss = tf.reduce_sum(y * [3.0, 5.0])
    np.testing.assert_array_equal(y, [1.0, -2.0])
    np.testing.assert_array_equal(tape.gradient(loss, x), [-0.75, -1.25])


def test_one_pass_gives_each_network_the_gradient_of_its_own_loss(data: TrainingData) -> None:
    """By hand: linear critics D = w·x, of which the second reads the total too."""
    import tensorflow as tf

    with eagerly():
        made = toy.trainer(data, TWO)
        first, w1 = toy.linear_critic(266 + 2, seed=1)
        second, w2 = toy.linear_critic(266 + 1 + 2, seed=2)
        step = toy.step_with(made, [first, second], TWO, ReversalStep)
        inputs = made.inputs(0)
        losses = toy.updated(step, inputs)
        of_generator, of_critics = toy.gradients(step)

        real, scale = inputs["real"], made.decoder.scale
        with tf.GradientTape() as tape:
            fakes = made.decoder.fractions(real["latents"], real["conditions"])
            z = (tf.reduce_sum(fakes, axis=1) - real["mean"][:, 0]) / real["spread"][:, 0]
            values = (
                tf.linalg.matvec(fakes / scale, w1[:266]) + real["conditions"] @ w1[266:],
                tf.linalg.matvec(fakes / scale, w2[:266])
                + w2[266] * z
                + real["conditions"] @ w2[267:],
            )
            loss = -sum(w * tf.reduce_mean(v) for w, v in zip(WEIGHTS, values, strict=True))
        climbed = tape.gradient(loss, made.decoder.variables)
    for gradient, hand in zip(of_generator, climbed, strict=True):
        np.testing.assert_allclose(gradient, hand.numpy(), rtol=1e-3, atol=1e-5)
    assert losses["generator"] == pytest.approx(float(loss), rel=1e-4)

    # ∂/∂w of mean D(fake) - mean D(true) + λ(|w| - 1)²: neither reversed nor weighted
    apart = (np.asarray(fakes) - real["cells"]).mean(axis=0) / scale
    norm = np.linalg.norm(w1[:266])
    expected = apart + 2.0 * 2 * (norm - 1) * w1[:266] / norm
    np.testing.assert_allclose(of_critics[0][:266, 0], expected, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(of_critics[0][266:, 0], 0, atol=1e-6)  # the conditions are the same
    apart_z = (np.asarray(fakes) - real["cells"]).sum(axis=1) / real["spread"][:, 0]
    np.testing.assert_allclose(of_critics[2][266, 0], apart_z.mean(), rtol=1e-3)


def off(made: toy.WganTrainer) -> float:
    """Return how far the total energy of generated showers is off, in its own spreads."""
    batch = made.inputs(0)["real"]
    latents = np.random.default_rng(5).normal(size=(len(batch["cells"]), 5)).astype(np.float32)
    fakes = np.asarray(made.decoder.fractions(latents, batch["conditions"]))
    return float(np.abs((fakes.sum(axis=1) - batch["mean"][:, 0]) / batch["spread"][:, 0]).mean())


def test_a_small_training_improves(data: TrainingData) -> None:
    """Without the reversal the generator runs away from the critics: off grows instead."""
    made = toy.trainer(data, TWO, batch=16)
    before = off(made)
    for number in range(100):
        losses = made.apply(made.inputs(number), 5e-3, with_loss=True)
    assert np.isfinite(list(losses.values())).all()
    assert off(made) < 0.3 * before  # 0.06 to 0.1 for three seeds


def test_the_guard_is_felt_with_its_own_sign(data: TrainingData) -> None:
    with eagerly():
        made = toy.trainer(data, TWO, guard=Guard(total=10.0), batch=16)
        before = off(made)
        values = [made.apply(made.inputs(n), 5e-3, with_loss=True)["guard"] for n in range(8)]
    assert values[-1] < values[0]
    assert off(made) < before


def test_networks_that_are_updated_together_are_updated_equally_often() -> None:
    with pytest.raises(UsageError, match="per_update is 5"):
        Critics(training="reversal")
