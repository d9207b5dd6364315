"""Files of Keras 2, written by hand in its layout, against formulas: Keras 2 is history."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.keras_files import read_keras, read_keras_model
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.reference import evaluate
from tests.converters.keras_models import keras_2_layer, write_keras_2

X = np.random.default_rng(3).normal(size=(6, 4)).astype(np.float32)


def random(*shape: int, seed: int = 0) -> Array:
    values = np.random.default_rng(seed + sum(shape)).normal(size=shape)
    return np.asarray(values, dtype=np.float32)


def sequential(*layers: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration of a Sequential; its layers carry no calls."""
    for layer in layers:
        del layer["name"], layer["inbound_nodes"]
    start = {
        "class_name": "InputLayer",
        "config": {"batch_input_shape": [None, 4], "dtype": "float32", "name": "dense_input"},
    }
    return {
        "class_name": "Sequential",
        "config": {"name": "sequential", "layers": [start, *layers]},
    }


def dense(name: str, units: int, *reads: Any, activation: str = "linear") -> dict[str, Any]:
    return keras_2_layer("Dense", name, *reads, units=units, activation=activation, use_bias=True)


def test_sequential_h5(tmp_path: Path) -> None:
    config = sequential(
        dense("dense", 5),
        keras_2_layer("BatchNormalization", "bn", axis=[1], epsilon=0.001, center=True, scale=True),
        keras_2_layer("LeakyReLU", "leaky", alpha=0.30000001192092896),
        keras_2_layer("ReLU", "re_lu", max_value=6.0, negative_slope=0.0, threshold=0.0),
    )
    w, b = random(4, 5), random(5)
    gamma, beta, mean, variance = (random(5, seed=k) for k in range(4))
    variance = np.abs(variance)
    weights = {
        "dense": {"dense/kernel:0": w, "dense/bias:0": b},
        "bn": {
            "bn/gamma:0": gamma, "bn/beta:0": beta,
            "bn/moving_mean:0": mean, "bn/moving_variance:0": variance,
        },
        "leaky": {}, "re_lu": {},
    }  # fmt: skip
    model = read_keras_model(write_keras_2(tmp_path / "a.h5", config, weights))
    assert (model.format, model.keras_version) == ("h5", "2.15.0")
    y = ((X @ w + b) - mean) / np.sqrt(variance + 0.001) * gamma + beta
    y = np.clip(np.where(y > 0, y, 0.3 * y), 0, 6)
    np.testing.assert_allclose(evaluate(model.network, {"dense_input": X}), y, atol=1e-5)


def test_thresholded_relu(tmp_path: Path) -> None:
    config = sequential(
        keras_2_layer("ThresholdedReLU", "act", theta=0.25),
        dense("dense", 3, activation="linear"),
    )
    w, b = random(4, 3), random(3)
    weights = {"act": {}, "dense": {"dense/kernel:0": w, "dense/bias:0": b}}
    network = read_keras(write_keras_2(tmp_path / "a.h5", config, weights))
    y = np.where(X > 0.25, X, 0) @ w + b
    np.testing.assert_allclose(evaluate(network, {"dense_input": X}), y, atol=1e-6)


@pytest.mark.parametrize(("version", "slope"), [("2.15.0", 0.2), ("3.0.5", 1 / 6)])
def test_hard_sigmoid_has_the_slope_of_its_version(
    version: str, slope: float, tmp_path: Path
) -> None:
    config = sequential(keras_2_layer("Activation", "act", activation="hard_sigmoid"))
    path = write_keras_2(tmp_path / "a.h5", config, {"act": {}}, version)
    y = evaluate(read_keras(path), {"dense_input": X})
    np.testing.assert_allclose(y, np.clip(slope * X + 0.5, 0, 1), atol=1e-7)


def test_hard_sigmoid_without_a_version_takes_the_one_that_writes_such_inputs(
    tmp_path: Path,
) -> None:
    config = sequential(keras_2_layer("Activation", "act", activation="hard_sigmoid"))
    path = write_keras_2(tmp_path / "a.h5", config, {"act": {}}, None)
    assert read_keras(path)["act"].attributes["slope"] == 0.2


def test_hard_sigmoid_of_nobody_knows_which_version_is_refused(tmp_path: Path) -> None:
    config = sequential(keras_2_layer("Activation", "act", activation="hard_sigmoid"))
    del config["config"]["layers"][0]
    config["config"]["build_input_shape"] = [None, 4]
    path = write_keras_2(tmp_path / "a.h5", config, {"act": {}}, None)
    with pytest.raises(InputFileError, match=r"'act'.*0\.2 in Keras 2 and 1/6 in Keras 3"):
        read_keras(path)


@pytest.mark.parametrize("size", [(), (1,), (4,)])
def test_trained_swish_of_any_name_wins_over_the_configuration(
    size: tuple[int, ...], tmp_path: Path
) -> None:
    trained = np.asarray(np.random.default_rng(1).uniform(0.5, 2, size=size), dtype=np.float32)
    config = sequential(keras_2_layer("Swish", "swish", beta=1.0))
    path = write_keras_2(tmp_path / "a.h5", config, {"swish": {"beta_factor:0": trained}})
    y = evaluate(read_keras(path), {"dense_input": X})
    np.testing.assert_allclose(y, X / (1 + np.exp(-trained.astype(float) * X)), rtol=1e-6)


def test_swish_without_a_weight_takes_the_configuration(tmp_path: Path) -> None:
    config = sequential(keras_2_layer("my>Swish", "swish", beta=1.7))
    path = write_keras_2(tmp_path / "a.h5", config, {"swish": {}})
    assert read_keras(path)["swish"].weights["beta"] == pytest.approx(1.7)


def test_swish_without_any_beta_is_refused(tmp_path: Path) -> None:
    config = sequential(keras_2_layer("Swish", "swish"))
    path = write_keras_2(tmp_path / "a.h5", config, {"swish": {}})
    with pytest.raises(InputFileError, match=r"'swish'.*neither a weight β nor"):
        read_keras(path)


def functional() -> tuple[dict[str, Any], dict[str, dict[str, Array]]]:
    """Return a model with a shared layer and a nested model, whose calls count from 1."""

    def start(name: str, n: int) -> dict[str, Any]:
        layer = keras_2_layer("InputLayer", name)
        layer["config"] = {"batch_input_shape": [None, n], "dtype": "float32", "name": name}
        return layer

    inner = {
        "class_name": "Functional",
        "config": {
            "name": "inner",
            "layers": [start("z", 4), dense("dense", 4, [["z", 0, 0, {}]], activation="tanh")],
            "input_layers": [["z", 0, 0]],
            "output_layers": [["dense", 0, 0]],
        },
        "name": "inner",
        "inbound_nodes": [[["dense", 1, 0, {"training": None}]], [["z", 0, 0, {}]]],
    }
    config = {
        "class_name": "Functional",
        "config": {
            "name": "model",
            "layers": [
                start("z", 4),
                dense("dense", 4, [["z", 0, 0, {}]], [["dense", 0, 0, {}]]),
                inner,
                keras_2_layer("Add", "add", [["inner", 1, 0, {}], ["dense", 0, 0, {}]]),
            ],
            "input_layers": [["z", 0, 0]],
            "output_layers": [["add", 0, 0], ["inner", 2, 0]],
        },
    }
    weights = {
        "z": {},
        "dense": {"dense/kernel:0": random(4, 4), "dense/bias:0": random(4)},
        "inner": {"dense/kernel:0": random(4, 4, seed=5), "dense/bias:0": random(4, seed=5)},
        "add": {},
    }
    return config, weights


def expected() -> tuple[Array, Array]:
    w, b, v, c = random(4, 4), random(4), random(4, 4, seed=5), random(4, seed=5)
    once = X @ w + b
    return np.tanh((once @ w + b) @ v + c) + once, np.tanh(X @ v + c)


def test_functional_h5_with_nested_model(tmp_path: Path) -> None:
    config, weights = functional()
    check_functional(write_keras_2(tmp_path / "a.h5", config, weights))


@pytest.mark.parametrize("container", ["layers", "_layer_checkpoint_dependencies"])
def test_functional_archive_counts_groups_by_class(container: str, tmp_path: Path) -> None:
    """The ``.keras`` of Keras 2 has no names in its groups of weights."""
    import h5py

    config, weights = functional()
    stored = io.BytesIO()
    with h5py.File(stored, "w") as file:
        for place, layer in (("dense", "dense"), ("functional/{0}/dense", "inner")):
            group = file.create_group(f"{container}/{place.format(container)}/vars")
            for number, array in enumerate(weights[layer].values()):
                group[str(number)] = array
    path = tmp_path / "a.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", '{"keras_version": "2.13.1"}')
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", stored.getvalue())
    check_functional(path)


def check_functional(path: Path) -> None:
    network = read_keras(path)
    first, second = expected()
    from caloexport.runtime.reference import evaluate_all

    values = evaluate_all(network, {"z": X})
    np.testing.assert_allclose(values[network.outputs[0]], first, atol=1e-5)
    np.testing.assert_allclose(values[network.outputs[1]], second, atol=1e-5)


def test_numpy_values_in_the_configuration(tmp_path: Path) -> None:
    slope = {"class_name": "__numpy__", "config": {"value": 0.25, "dtype": "float32"}}
    config = sequential(keras_2_layer("LeakyReLU", "leaky", alpha=slope))
    network = read_keras(write_keras_2(tmp_path / "a.h5", config, {"leaky": {}}))
    assert network["leaky"].attributes["negative_slope"] == 0.25
