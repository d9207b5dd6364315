from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.training.optimizers import Optimizer, OptimizerSettings

pytest.importorskip("tensorflow")
RATE, UPDATES = 1e-2, 12
SHAPES = ((3, 2), (2,))


def theirs(settings: OptimizerSettings) -> Any:
    """The same optimizer of Keras."""
    import keras

    if settings.optimizer == "adam":
        return keras.optimizers.Adam(RATE, settings.beta_1, settings.beta_2, settings.epsilon)
    return keras.optimizers.RMSprop(
        RATE, rho=settings.beta_2, momentum=settings.beta_1, epsilon=settings.epsilon
    )


def gradients(update: int) -> list[np.ndarray]:
    random = np.random.default_rng(update)
    return [(10.0 ** (update % 4 - 2) * random.normal(size=s)).astype(np.float32) for s in SHAPES]


def variables() -> list[Any]:
    import keras

    random = np.random.default_rng(99)
    return [keras.Variable(random.normal(size=shape).astype(np.float32)) for shape in SHAPES]


def apply(optimizer: Optimizer, update: int) -> None:
    import tensorflow as tf

    found = [tf.constant(gradient) for gradient in gradients(update)]
    optimizer.apply(found, tf.constant(RATE), tf.constant(float(update + 1)))


@pytest.mark.parametrize(
    "settings",
    [
        OptimizerSettings("adam", 0.9, 0.999),
        OptimizerSettings("adam", 0.5, 0.5),
        OptimizerSettings("adam", 0.0, 0.9, 1e-4),
        OptimizerSettings("rmsprop", 0.0, 0.9),
        OptimizerSettings("rmsprop", 0.7, 0.99, 1e-5),
    ],
    ids=str,
)
def test_it_does_what_keras_does_to_the_precision_of_float32(settings: OptimizerSettings) -> None:
    mine, reference = variables(), variables()
    optimizer, keras_one = Optimizer(settings, [v.value for v in mine]), theirs(settings)
    for update in range(UPDATES):
        apply(optimizer, update)
        keras_one.apply(gradients(update), reference)
        for one, other in zip(mine, reference, strict=True):
            # 1 - 0.999^t loses four digits of float32 in the first updates, on either side
            np.testing.assert_allclose(one, other, rtol=2e-6, atol=1e-4 * RATE)
    assert all(
        (np.asarray(a) != np.asarray(b)).any() for a, b in zip(mine, variables(), strict=True)
    )


@pytest.mark.parametrize("kind", ["adam", "rmsprop"])
def test_its_slots_are_its_whole_state(kind: str) -> None:
    settings = OptimizerSettings(kind, 0.5, 0.9)
    mine = variables()
    whole = Optimizer(settings, [v.value for v in mine])
    for update in range(3):
        apply(whole, update)
    state = {name: slot.numpy() for name, slot in whole.slots("some").items()}
    weights = [np.asarray(v) for v in mine]
    apply(whole, 3)

    restored = variables()
    for variable, weight in zip(restored, weights, strict=True):
        variable.assign(weight)
    resumed = Optimizer(settings, [v.value for v in restored])
    for name, slot in resumed.slots("some").items():
        slot.assign(state[name])
    apply(resumed, 3)

    assert len(state) == 2 * len(SHAPES)
    for one, other in zip(mine, restored, strict=True):
        np.testing.assert_array_equal(one, other)


def test_wrong_constants_are_refused() -> None:
    with pytest.raises(UnknownName, match="did you mean 'adam'"):
        OptimizerSettings("adm")
    with pytest.raises(UsageError, match="expected 0 ≤ beta_1 < 1"):
        OptimizerSettings(beta_1=1.0)
    with pytest.raises(UsageError, match="epsilon > 0"):
        OptimizerSettings(epsilon=0.0)
