from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.evaluated import evaluated
from caloexport.converters.export import export
from caloexport.converters.open import open_model
from caloexport.training.layers.swish import swish_class

pytest.importorskip("tensorflow")


def by_hand(x: np.ndarray, beta: np.ndarray) -> np.ndarray:
    return x / (1 + np.exp(-beta * x))


@pytest.mark.parametrize("per_unit", [False, True])
def test_beta_starts_at_1_and_is_trained(per_unit: bool) -> None:
    import tensorflow as tf

    layer = swish_class()(per_unit=per_unit)
    x = np.array([[0.5, -1.0, 2.0], [1.5, 0.0, -3.0]], dtype=np.float32)
    with tf.GradientTape() as tape:
        y = layer(x)
        loss = tf.reduce_sum(y)
    np.testing.assert_allclose(y, by_hand(x, np.ones(3)), rtol=1e-6)
    (beta,) = layer.trainable_variables
    s = 1 / (1 + np.exp(-x))
    expected = (x**2 * s * (1 - s)).sum(axis=0)  # of each unit
    gradient = np.asarray(tape.gradient(loss, beta.value))
    np.testing.assert_allclose(gradient, expected if per_unit else [expected.sum()], rtol=1e-5)


@pytest.fixture(scope="module", params=[False, True], ids=["scalar", "per-unit"])
def saved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Keras file of dense, swish of other β than 1, dense."""
    import keras

    random = np.random.default_rng(1)
    swish = swish_class()(per_unit=request.param, name="swish")
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), swish])
    model.add(keras.layers.Dense(2, name="last"))
    model.set_weights([random.normal(size=w.shape) for w in model.get_weights()])
    path = tmp_path_factory.mktemp("swish") / "model.keras"
    model.save(path)
    return path


def expected(path: Path, x: np.ndarray) -> np.ndarray:
    import keras

    kernel, offset, beta, last, last_offset = (
        weight.astype(np.float64) for weight in keras.models.load_model(path).get_weights()
    )
    return by_hand(x @ kernel + offset, beta) @ last + last_offset


def test_keras_loads_a_saved_file_with_the_trained_beta(saved: Path) -> None:
    import keras

    x = np.random.default_rng(2).normal(size=(5, 4)).astype(np.float32)
    model = keras.models.load_model(saved)
    assert model.get_layer("swish").beta.shape in [(1,), (3,)]
    assert (np.asarray(model.get_layer("swish").beta) != 1).all()
    np.testing.assert_allclose(model(x), expected(saved, x), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("target", ["lwtnn", "onnx", "numba"])
def test_converters_read_the_saved_file_and_write_it(
    saved: Path, target: str, tmp_path: Path
) -> None:
    generator = open_model(saved)
    x = np.random.default_rng(3).normal(size=(5, 4)).astype(np.float32)
    exported = export(generator, target, tmp_path / target)
    assert exported.verification is not None
    assert exported.verification.equal
    written = evaluated(exported.generator, x)
    np.testing.assert_allclose(written, expected(saved, x), rtol=1e-5, atol=1e-6)
