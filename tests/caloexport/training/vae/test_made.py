"""Masks: an output depends on the inputs before it and on nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.training.vae.made import OPEN_GATE, Made, degrees, masks

pytest.importorskip("tensorflow")


@pytest.mark.parametrize("hidden", [(7,), (5, 9), (3, 8, 4)])
@pytest.mark.parametrize("latent", [1, 2, 5])
def test_the_product_of_the_masks_is_strictly_triangular(
    latent: int, hidden: tuple[int, ...]
) -> None:
    paths = np.linalg.multi_dot(masks(latent, hidden))
    np.testing.assert_array_equal(paths[np.tril_indices(latent)], 0)
    if min(hidden) >= latent - 1:  # enough units for every degree: no input is lost
        assert (paths[np.triu_indices(latent, 1)] > 0).all()


def test_every_degree_has_its_units() -> None:
    assert np.bincount(degrees(5, 10))[1:].tolist() == [3, 3, 2, 2]
    assert degrees(1, 3).tolist() == [1, 1, 1]


def test_outputs_see_earlier_inputs_and_the_whole_context() -> None:
    import tensorflow as tf

    random = np.random.default_rng(0)
    made = Made(4, 3, (9, 9), seed=1, name="made")
    for weight in made.weights.values():  # larger than at the start, biases too
        weight.assign(random.standard_normal(weight.shape))
    z = tf.constant(random.standard_normal((1, 4)), tf.float32)
    context = tf.constant(random.standard_normal((1, 3)), tf.float32)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([z, context])
        outputs = made(z, context)
    for output in outputs:
        jacobian = tape.jacobian(output, z).numpy()[0, :, 0]
        np.testing.assert_array_equal(jacobian[np.triu_indices(4)], 0)
        assert (jacobian[np.tril_indices(4, -1)] != 0).all()
        seen = tape.jacobian(output, context).numpy()[0, :, 0]
        assert (seen[1:] != 0).all()


def test_a_new_gate_is_nearly_open() -> None:
    import tensorflow as tf

    z = tf.random.stateless_normal((64, 6), (0, 1))
    mean, gate = Made(6, 2, (16,), seed=0, name="made")(z, tf.zeros((64, 2)))
    assert float(tf.reduce_mean(gate)) == pytest.approx(OPEN_GATE, abs=0.05)
    assert float(tf.reduce_max(tf.abs(mean))) < 1
