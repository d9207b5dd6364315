from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.training.heads import read_head
from caloexport.training.hidden import BLOCKS, INITIALIZERS, Hidden, initializer, seeds_of, stack

pytest.importorskip("tensorflow")
SLOPE = 0.3
BETA = 1.7
X = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": lambda x: np.where(x > 0, x, SLOPE * x),
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "swish": lambda x: x * sigmoid(BETA * x),
    "silu": lambda x: x * sigmoid(x),
}


def built(hidden: Hidden, seed: int = 0) -> Any:
    import keras

    x = keras.Input((4,))
    return keras.Model(x, stack(x, hidden, seeds_of(seed), "part"))


def normalized(x: np.ndarray, weights: dict[str, np.ndarray]) -> np.ndarray:
    """An affine map of the batch: moving mean and variance are those of the start, 0 and 1."""
    return weights["gamma"] * x / np.sqrt(1 + 1e-3) + weights["beta"]


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_is_what_its_name_says(name: str) -> None:
    block = BLOCKS[name]
    model = built(Hidden((3,), name, negative_slope=SLOPE))
    random = np.random.default_rng(1)
    for layer in model.layers:
        for weight in layer.trainable_weights:
            swish = type(layer).__name__ == "Swish"
            weight.assign(np.full(1, BETA) if swish else random.normal(size=weight.shape))
    weights = {
        weight.name: np.asarray(weight)
        for layer in model.layers
        if type(layer).__name__ != "Swish"
        for weight in layer.weights
    }
    y = X @ weights["kernel"] + weights["bias"]
    if block.normalization == "before":
        y = normalized(y, weights)
    y = ACTIVATIONS[block.activation](y)
    if block.normalization == "after":
        y = normalized(y, weights)
    assert ("gamma" in weights) == (block.normalization is not None)
    np.testing.assert_allclose(model(X, training=False), y, rtol=1e-4, atol=1e-5)


def test_layers_follow_each_other_and_have_names_of_their_own() -> None:
    model = built(Hidden((5, 3), "bn-swish", per_unit=True))
    assert [tuple(layer.output.shape[1:]) for layer in model.layers[1:]] == [(5,)] * 3 + [(3,)] * 3
    assert {w.path.split("/")[0] for w in model.weights} == {
        f"part_{kind}_{number}" for kind in ("dense", "norm", "swish") for number in (1, 2)
    }
    assert [w.shape for w in model.weights if "swish" in w.path] == [(5,), (3,)]


def test_the_same_seed_gives_the_same_weights_and_each_layer_others() -> None:
    one, again, other = (built(Hidden((4, 4), "relu"), seed).get_weights() for seed in (1, 1, 2))
    np.testing.assert_array_equal(one[0], again[0])
    assert (one[0] != other[0]).any()
    assert (one[0] != one[2]).any()


def test_initializers_are_those_of_keras() -> None:
    uniform = built(Hidden((400,), "relu", initializer="he_uniform")).get_weights()[0]
    normal = built(Hidden((400,), "relu", initializer="glorot_normal")).get_weights()[0]
    assert np.abs(uniform).max() == pytest.approx(np.sqrt(6 / 4), rel=0.02)
    assert normal.std() == pytest.approx(np.sqrt(2 / 404), rel=0.1)


def test_wrong_sizes_and_names_are_refused() -> None:
    with pytest.raises(UsageError, match="expected positive widths"):
        Hidden((3, 0), "relu")
    with pytest.raises(UnknownName, match="did you mean 'bn-swish'"):
        Hidden((3,), "bnswish")


def test_a_law_that_draws_no_kernels_is_refused() -> None:
    for name in ("glorot", "zeros"):
        with pytest.raises(UsageError, match=f"unknown initializer '{name}'"):
            Hidden((3,), "relu", initializer=name)
        for kind in ("cells", "layer-fractions"):
            with pytest.raises(UsageError, match=f"unknown initializer '{name}'"):
                read_head({"kind": kind, "initializer": name}, "[output]")


def test_every_law_draws_with_its_own_seed() -> None:
    for name in INITIALIZERS:
        one, again, other = (np.asarray(initializer(name, seed)((5, 4))) for seed in (1, 1, 2))
        np.testing.assert_array_equal(one, again)
        assert len(np.unique(np.concatenate([one, other]))) == 40, name
