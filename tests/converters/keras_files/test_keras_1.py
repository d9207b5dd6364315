"""Models of Keras 1, written by hand in its words, against formulas: Keras 1 is history."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.keras_files.read import read_keras_architecture, read_keras_model
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import CaloexportError, InputFileError, UnsupportedError
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate
from tests.converters.keras_models import write_keras_2
from tests.converters.old_pairs import (
    Weights,
    called,
    keras_1_layer,
    keras_1_model,
    keras_1_sequential,
    random,
    write_pair,
)

X = np.random.default_rng(3).normal(size=(6, 4)).astype(np.float32)


def read(folder: Path, architecture: dict[str, Any], weights: Weights, **options: Any) -> Network:
    version = options.pop("version", "1.2.2")
    return read_keras_architecture(
        *write_pair(folder, architecture, weights, version), **options
    ).network


def check(network: Network, expected: Array, x: Array = X) -> None:
    (name,) = network.inputs
    np.testing.assert_allclose(evaluate(network, {name: x}), expected, atol=2e-6)


def sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x.astype(float))))


def dense(name: str, units: int, activation: str = "linear", **config: Any) -> dict[str, Any]:
    return keras_1_layer(
        "Dense", name, output_dim=units, activation=activation, init="glorot_uniform", **config
    )


def dense_weights(name: str, n_in: int, n_out: int, suffix: str = "") -> dict[str, Array]:
    return {f"{name}_W{suffix}": random(n_in, n_out), f"{name}_b{suffix}": random(n_out)}


@pytest.mark.parametrize("version", ["1.0.5", "1.2.2", None])
@pytest.mark.parametrize("suffix", ["", ":0"])
def test_dense_of_either_backend(version: str | None, suffix: str, tmp_path: Path) -> None:
    architecture = keras_1_sequential(4, dense("dense_1", 3, "tanh", bias=True))
    weights = {"dense_1": dense_weights("dense_1", 4, 3, suffix)}
    network = read(tmp_path, architecture, weights, version=version)
    check(network, np.tanh(X @ random(4, 3) + random(3)))


def test_dense_without_bias(tmp_path: Path) -> None:
    """The official converter of LWTNN fails here."""
    architecture = keras_1_sequential(4, dense("dense_1", 3, bias=False))
    network = read(tmp_path, architecture, {"dense_1": {"dense_1_W": random(4, 3)}})
    check(network, X @ random(4, 3))


def test_batch_normalization_holds_the_variance_under_the_name_of_its_root(tmp_path: Path) -> None:
    """γ = 0 in one unit, which LWTNN's own form of the layer cannot express."""
    layer = keras_1_layer("BatchNormalization", "bn_1", epsilon=1e-6, mode=0, axis=-1)
    variance, gamma = np.abs(random(4, seed=1)), random(4, seed=2)
    gamma[2] = 0
    weights = {
        "bn_1_gamma": gamma, "bn_1_beta": random(4, seed=3),
        "bn_1_running_mean": random(4, seed=4), "bn_1_running_std": variance,
    }  # fmt: skip
    network = read(tmp_path, keras_1_sequential(4, layer), {"bn_1": weights})
    y = (X - random(4, seed=4)) / np.sqrt(variance + 1e-6) * gamma + random(4, seed=3)
    check(network, y)


@pytest.mark.parametrize("bias", [True, False])
def test_maxout(bias: bool, tmp_path: Path) -> None:
    layer = keras_1_layer("MaxoutDense", "maxoutdense_1", output_dim=3, nb_feature=5, bias=bias)
    w, b = random(5, 4, 3), random(5, 3) if bias else np.zeros((5, 3), "f4")
    weights = {"maxoutdense_1_W": w, **({"maxoutdense_1_b": b} if bias else {})}
    network = read(tmp_path, keras_1_sequential(4, layer), {"maxoutdense_1": weights})
    check(network, np.max([X @ w[k] + b[k] for k in range(5)], axis=0))


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("activation", ["tanh", "linear", "swish"])
def test_highway(bias: bool, activation: str, tmp_path: Path) -> None:
    layer = keras_1_layer("Highway", "highway_1", activation=activation, bias=bias)
    w, gate = random(4, 4), random(4, 4, seed=1)
    b, shift = (random(4), random(4, seed=1)) if bias else (np.zeros(4, "f4"),) * 2
    weights = {"highway_1_W": w, "highway_1_W_carry": gate}
    weights |= {"highway_1_b": b, "highway_1_b_carry": shift} if bias else {}
    network = read(tmp_path, keras_1_sequential(4, layer), {"highway_1": weights})
    functions = {"tanh": np.tanh, "linear": lambda x: x, "swish": lambda x: x * sigmoid(x)}
    c = sigmoid(X @ gate + shift)
    check(network, c * functions[activation](X @ w + b) + (1 - c) * X)


def test_dropout_and_rectifiers(tmp_path: Path) -> None:
    layers = [
        keras_1_layer("Dropout", "dropout_1", p=0.2),
        keras_1_layer("LeakyReLU", "leaky", alpha=0.1),
        keras_1_layer("ELU", "elu", alpha=0.5),
        keras_1_layer("Activation", "activation_1", activation="hard_sigmoid"),
    ]
    network = read(tmp_path, keras_1_sequential(4, *layers), {})
    y = np.where(X > 0, X, 0.1 * X)
    check(network, np.clip(0.2 * np.where(y > 0, y, 0.5 * np.expm1(y)) + 0.5, 0, 1))


def test_dense_over_the_steps_of_a_sequence(tmp_path: Path) -> None:
    layer = keras_1_layer("TimeDistributedDense", "tdd_1", output_dim=3, activation="linear")
    architecture = keras_1_sequential(4, layer)
    layer["config"]["batch_input_shape"] = [None, 30, 4]
    weights = {"tdd_1": dense_weights("tdd_1", 4, 3)}
    network = read(tmp_path, architecture, weights, steps=6)
    assert network.inputs == {"tdd_1_input": (6, 4)}
    check(network, X[None] @ random(4, 3) + random(3), X[None])


def start(name: str, n: int) -> dict[str, Any]:
    return called(keras_1_layer("InputLayer", name, batch_input_shape=[None, n]))


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("concat", lambda a, b: np.concatenate([a, b], axis=-1)),
        ("sum", lambda a, b: a + b),
        ("mul", lambda a, b: a * b),
        ("ave", lambda a, b: (a + b) / 2),
        ("max", np.maximum),
    ],
)
def test_merge_in_a_functional_model(mode: str, expected: Any, tmp_path: Path) -> None:
    merge = keras_1_layer("Merge", "merge_1", mode=mode, concat_axis=-1, dot_axes=-1, layers=[])
    layers = [start("a", 4), start("b", 4), called(merge, "a", "b")]
    network = read(tmp_path, keras_1_model(layers, ["a", "b"], "merge_1"), {})
    z = random(6, 4)
    np.testing.assert_allclose(evaluate(network, {"a": X, "b": z}), expected(X, z), atol=1e-6)


def test_layers_called_twice_share_their_weights(tmp_path: Path) -> None:
    twice = called(dense("dense_1", 4, "tanh"), "a")
    twice["inbound_nodes"].append([["dense_1", 0, 0]])
    model = keras_1_model([start("a", 4), twice], ["a"], "dense_1")
    model["config"]["output_layers"] = [["dense_1", 1, 0]]
    network = read(tmp_path, model, {"dense_1": dense_weights("dense_1", 4, 4)})
    w, b = random(4, 4), random(4)
    check(network, np.tanh(np.tanh(X @ w + b) @ w + b))


def embedding_model() -> tuple[dict[str, Any], dict[str, dict[str, Array]]]:
    """Return categories beside numbers: two embeddings and three variables of five steps."""

    def alone(*layers: dict[str, Any]) -> dict[str, Any]:
        return {"class_name": "Sequential", "config": list(layers)}

    def table(name: str, categories: int, n_out: int) -> dict[str, Any]:
        config = {"input_dim": categories, "output_dim": n_out, "batch_input_shape": [None, 5]}
        return alone(keras_1_layer("Embedding", name, init="uniform", **config))

    numbers = keras_1_layer("Masking", "masking_1", batch_input_shape=[None, 5, 3], mask_value=0.0)
    merge = keras_1_layer("Merge", "merge_1", mode="concat", concat_axis=-1)
    branches = [table("embedding_1", 4, 2), alone(numbers), table("embedding_2", 3, 3)]
    merge["config"]["layers"] = branches
    head = keras_1_layer("TimeDistributedDense", "tdd_1", output_dim=2, activation="linear")
    weights = {
        "embedding_1": {"embedding_1_W": random(4, 2)},
        "embedding_2": {"embedding_2_W": random(3, 3)},
        "tdd_1": dense_weights("tdd_1", 8, 2),
    }
    return {"class_name": "Sequential", "config": [merge, head]}, weights


def test_embeddings_beside_numbers_become_columns_of_one_input(tmp_path: Path) -> None:
    network = read(tmp_path, *embedding_model(), all_steps_real=True)
    assert network.inputs == {"merge_1_input": (5, 5)}
    generator = np.random.default_rng(0)
    first, last = generator.integers(0, 4, (2, 5)), generator.integers(0, 3, (2, 5))
    numbers = generator.normal(size=(2, 5, 3)).astype("f4")
    x = np.concatenate([first[..., None], numbers, last[..., None]], axis=-1)
    inside = np.concatenate([random(4, 2)[first], numbers, random(3, 3)[last]], axis=-1)
    check(network, inside @ random(8, 2) + random(2), x)


@pytest.mark.parametrize(
    ("branch", "message"),
    [
        (keras_1_layer("Activation", "a", activation="relu"), "a Activation stands in the Merge"),
        (keras_1_layer("Activation", "m", activation="linear"), "'m' does not say its number of"),
        ({"class_name": "Masking"}, "has no configuration"),
        (7, "not a Sequential of one layer"),
    ],
)
def test_other_branches_at_the_beginning_are_refused(
    branch: Any, message: str, tmp_path: Path
) -> None:
    architecture, weights = embedding_model()
    architecture["config"][0]["config"]["layers"].append(
        {"class_name": "Sequential", "config": [branch]}
    )
    with pytest.raises(CaloexportError, match=message):
        read(tmp_path, architecture, weights, all_steps_real=True)


def test_masks_at_the_beginning_are_refused_unless_every_step_counts(tmp_path: Path) -> None:
    refused(tmp_path, *embedding_model(), r"a Masking stands in the Merge.*with its --variables")


def test_a_sequential_that_begins_with_a_sum_is_refused(tmp_path: Path) -> None:
    architecture, weights = embedding_model()
    architecture["config"][0]["config"]["mode"] = "sum"
    refused(tmp_path, architecture, weights, "no concatenation of models")


def test_a_model_saved_whole(tmp_path: Path) -> None:
    architecture = keras_1_sequential(4, dense("dense_1", 3, "tanh"))
    weights = {"dense_1": dense_weights("dense_1", 4, 3)}
    path = write_keras_2(tmp_path / "a.h5", architecture, weights, "1.2.2")
    model = read_keras_model(path)
    assert (model.format, model.keras_version) == ("h5", "1.2.2")
    check(model.network, np.tanh(X @ random(4, 3) + random(3)))


def refused(folder: Path, architecture: dict[str, Any], weights: Weights, message: str) -> None:
    with pytest.raises(CaloexportError, match=message) as caught:
        read(folder, architecture, weights)
    assert caught.value.exit_code in (3, 4)
    assert "arch.json" in str(caught.value) or "weights.h5" in str(caught.value)


@pytest.mark.parametrize("mode", ["dot", "cos", None, ["concat"]])
def test_other_merges_are_refused(mode: Any, tmp_path: Path) -> None:
    merge = called(keras_1_layer("Merge", "merge_1", mode=mode), "a", "a")
    model = keras_1_model([start("a", 4), merge], ["a"], "merge_1")
    refused(tmp_path, model, {}, r"'merge_1' merges by .*supported: concat, sum, mul")


@pytest.mark.parametrize("mode", [1, 2])
def test_statistics_of_the_sample_are_refused(mode: int, tmp_path: Path) -> None:
    layer = keras_1_layer("BatchNormalization", "bn_1", mode=mode)
    refused(tmp_path, keras_1_sequential(4, layer), {}, f"'bn_1' normalises in mode {mode}")


def test_missing_weights_are_named_as_keras_1_does(tmp_path: Path) -> None:
    architecture = keras_1_sequential(4, dense("dense_1", 3))
    weights = {"dense_1": {"dense_1_W": random(4, 3)}}
    with pytest.raises(InputFileError, match=r"weights.h5: weight 'b' of layer 'dense_1'.*has W"):
        read(tmp_path, architecture, weights)


def test_weights_of_another_shape(tmp_path: Path) -> None:
    layer = keras_1_layer("MaxoutDense", "m_1", output_dim=3, nb_feature=5)
    weights = {"m_1": {"m_1_W": random(5, 3, 3), "m_1_b": random(5, 3)}}
    refused(tmp_path, keras_1_sequential(4, layer), weights, r"\(5, 3, 3\).*says \(5, 4, 3\)")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (7, "lists no layers"),
        ({"layers": 7}, "lists no layers"),
        ([7], "a layer is int"),
        ([{"class_name": "Dense"}], "has no configuration"),
        ([{"class_name": "Convolution1D", "config": {"name": "c"}}], "does not say its shape"),
        ([], "has no layers"),
    ],
)
def test_configuration_of_another_kind(config: Any, message: str, tmp_path: Path) -> None:
    refused(tmp_path, {"class_name": "Sequential", "config": config}, {}, message)


def test_models_nested_without_end(tmp_path: Path) -> None:
    model: dict[str, Any] = {"class_name": "Sequential", "config": []}
    for _ in range(20):
        model = {"class_name": "Sequential", "config": [model]}
    refused(tmp_path, model, {}, "nested more than 16 deep")


def test_convolutions_are_refused_by_name(tmp_path: Path) -> None:
    layer = keras_1_layer("Convolution1D", "c_1", nb_filter=3, filter_length=2)
    with pytest.raises(UnsupportedError, match=r"Convolution1D are not supported.*backend"):
        read(tmp_path, keras_1_sequential(4, layer), {})


def test_the_file_is_json(tmp_path: Path) -> None:
    path, weights = write_pair(tmp_path, {}, {})
    path.write_text(json.dumps([1, 2]))
    with pytest.raises(InputFileError, match="the architecture holds a list"):
        read_keras_architecture(path, weights)
