"""The flow: its log-determinant is the numerical one, and it makes densities."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.training.vae.flow import Flow, log_normal
from caloexport.training.vae.settings import FlowSettings

tf = pytest.importorskip("tensorflow")


def flow(latent: int, steps: int, wild: float = 1.0) -> Flow:
    made = Flow(latent, FlowSettings(steps=steps, hidden=(8,), context=2), seed=3)
    random = np.random.default_rng(4)
    for weight in made.weights.values():
        weight.assign_add(wild * random.standard_normal(weight.shape))
    return made


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_the_log_determinant_is_that_of_the_jacobian(steps: int) -> None:
    random = np.random.default_rng(0)
    made = flow(4, steps, wild=0.3)  # wilder, and float32 cannot tell the determinant
    for row in random.standard_normal((3, 4)).astype(np.float32):
        z, context = tf.constant(row[None]), tf.constant([[0.3, -1.2]])
        with tf.GradientTape() as tape:
            tape.watch(z)
            out, log_determinant = made(z, context)
        jacobian = tape.jacobian(out, z).numpy()[0, :, 0].astype(np.float64)
        sign, expected = np.linalg.slogdet(jacobian)
        assert sign != 0
        assert float(log_determinant[0]) == pytest.approx(expected, abs=1e-4)


def test_one_step_is_triangular_and_two_are_not() -> None:
    z, context = tf.constant([[0.5, -0.3, 1.1]]), tf.constant([[0.3, -1.2]])
    jacobians = []
    for steps in (1, 2):
        made = flow(3, steps)
        with tf.GradientTape() as tape:
            tape.watch(z)
            out, _ = made(z, context)
        jacobians.append(tape.jacobian(out, z).numpy()[0, :, 0])
    np.testing.assert_array_equal(jacobians[0][np.triu_indices(3, 1)], 0)
    assert (jacobians[1] != 0).all()  # the order of the latents was reversed in between


def test_the_density_that_it_tells_is_that_of_its_samples() -> None:
    # ∫ q over a box is the share of samples in it; both from the log-determinant alone.
    noise = tf.random.stateless_normal((200_000, 2), (1, 2))
    z, log_determinant = flow(2, 2, wild=0.5)(noise, tf.zeros((200_000, 2)))
    log_q = log_normal(tf, noise) - log_determinant
    centre = np.median(z, axis=0)
    inside = (np.abs(z.numpy() - centre) < 0.2).all(axis=1)
    # E[1/q · inside] under q is the area of the box
    area = np.mean(np.where(inside, np.exp(-log_q.numpy()), 0))
    error = np.std(np.where(inside, np.exp(-log_q.numpy()), 0)) / np.sqrt(len(inside))
    assert inside.mean() > 0.01
    assert area == pytest.approx(0.16, abs=4 * error)
    assert error < 0.01


def test_no_steps_leave_the_latents_alone() -> None:
    z = tf.constant([[0.5, -0.3]])
    same, log_determinant = Flow(2, FlowSettings(), seed=0)(z, tf.zeros((1, 0)))
    np.testing.assert_array_equal(same, z)
    np.testing.assert_array_equal(log_determinant, [0])
