"""Models in two files: the text of ``to_json`` and a file of weights."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.keras_files.read import (
    KerasModel,
    read_keras_architecture,
    read_keras_model,
)
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.reference import evaluate
from tests.converters.keras_models import (
    assert_equal_to_keras,
    inputs_of,
    keras,
    keras_2_layer,
    saved,
    scrambled,
    write_keras_2,
)
from tests.converters.old_pairs import random, write_pair


def decoder() -> Any:
    """Make a functional model of Keras 3 with everything that tells layouts apart."""
    layers = keras().layers
    z, energy = layers.Input((4,), name="z"), layers.Input((2,), name="energy")
    x = layers.Dense(5, activation="hard_sigmoid")(layers.Concatenate()([z, energy]))
    x = layers.Dense(5, use_bias=False)(layers.BatchNormalization(scale=False)(x))
    inner = keras().Sequential([layers.Input((5,)), layers.Dense(3, activation="silu")])
    return scrambled(keras().Model([z, energy], inner(x)))


@pytest.mark.parametrize("source", ["to_json", "config.json"])
def test_keras_3_weights(source: str, tmp_path: Path) -> None:
    model, architecture = decoder(), tmp_path / "model.json"
    model.save_weights(tmp_path / "model.weights.h5")
    architecture.write_text(model.to_json())
    if source == "config.json":
        with zipfile.ZipFile(saved(model, tmp_path, "keras")) as archive:
            architecture.write_bytes(archive.read("config.json"))
    found = read_keras_architecture(architecture, tmp_path / "model.weights.h5")
    assert found.format == "json"
    assert_equal_to_keras(model, found.network, inputs_of(model))


@pytest.mark.parametrize("suffix", ["h5", "keras"])
def test_a_model_saved_whole_gives_its_weights(suffix: str, tmp_path: Path) -> None:
    model, architecture = decoder(), tmp_path / "model.json"
    architecture.write_text(model.to_json())
    path = saved(model, tmp_path, suffix)
    if suffix == "keras":
        with pytest.raises(InputFileError, match=r"model.keras: .*convert it alone"):
            read_keras_architecture(architecture, path)
        return
    found = read_keras_architecture(architecture, path)
    assert_equal_to_keras(model, found.network, inputs_of(model))


def keras_2_decoder() -> dict[str, Any]:
    """Return a Sequential as ``to_json`` of Keras 2 does."""
    start = keras_2_layer("InputLayer", "z", batch_input_shape=[None, 4])
    dense = keras_2_layer("Dense", "dense", units=3, activation="tanh", use_bias=True)
    return {"class_name": "Sequential", "config": {"name": "s", "layers": [start, dense]}}


def keras_2_weights(place: str = "dense/dense/") -> dict[str, Any]:
    return {"dense": {f"{place}kernel:0": random(4, 3), f"{place}bias:0": random(3)}}


def check(model: KerasModel) -> None:
    x = random(6, 4)
    expected = np.tanh(x @ random(4, 3) + random(3))
    np.testing.assert_allclose(evaluate(model.network, {"z": x}), expected, atol=1e-6)


@pytest.mark.parametrize("suffix", [":0", ""])
def test_keras_2_weights_of_either_backend(suffix: str, tmp_path: Path) -> None:
    weights = {"dense": {f"dense/kernel{suffix}": random(4, 3), f"dense/bias{suffix}": random(3)}}
    model = read_keras_architecture(*write_pair(tmp_path, keras_2_decoder(), weights, "2.0.3"))
    assert model.keras_version == "2.0.3"
    check(model)


def test_keras_2_model_saved_whole(tmp_path: Path) -> None:
    """The official converters of LWTNN want it split first."""
    path, _ = write_pair(tmp_path, keras_2_decoder(), {}, "2.4.0")
    whole = write_keras_2(tmp_path / "whole.h5", keras_2_decoder(), keras_2_weights())
    check(read_keras_architecture(path, whole))


def test_a_layer_named_like_a_container(tmp_path: Path) -> None:
    text = json.dumps(keras_2_decoder()).replace('"dense"', '"layers"')
    weights = {"layers": keras_2_weights()["dense"]}
    check(read_keras_architecture(*write_pair(tmp_path, json.loads(text), weights, "2.4.0")))


def test_many_layer_names_are_split_over_attributes(tmp_path: Path) -> None:
    import h5py

    path, weights = write_pair(tmp_path, keras_2_decoder(), keras_2_weights(), "2.4.0")
    with h5py.File(weights, "a") as file:
        file.attrs["layer_names0"] = file.attrs.pop("layer_names")
    check(read_keras_architecture(path, weights))


def test_steps_are_said_or_asked_for(tmp_path: Path) -> None:
    architecture = keras_2_decoder()
    architecture["config"]["layers"][0]["config"]["batch_input_shape"] = [None, None, 4]
    pair = write_pair(tmp_path, architecture, keras_2_weights(), "2.4.0")
    with pytest.raises(InputFileError, match=r"arch.json: input 'z' is a sequence.*--steps N"):
        read_keras_architecture(*pair)
    assert read_keras_architecture(*pair, steps=5).network.inputs == {"z": (5, 4)}


def test_steps_of_the_user_win_over_the_file(tmp_path: Path) -> None:
    architecture = keras_2_decoder()
    architecture["config"]["layers"][0]["config"]["batch_input_shape"] = [None, 30, 4]
    pair = write_pair(tmp_path, architecture, keras_2_weights(), "2.4.0")
    assert read_keras_architecture(*pair).network.inputs == {"z": (30, 4)}
    assert read_keras_architecture(*pair, steps=5).network.inputs == {"z": (5, 4)}


def test_steps_leave_vectors_alone(tmp_path: Path) -> None:
    pair = write_pair(tmp_path, keras_2_decoder(), keras_2_weights(), "2.4.0")
    assert read_keras_architecture(*pair, steps=5).network.inputs == {"z": (4,)}


def refused(path: Path, weights: Path, message: str) -> None:
    with pytest.raises(InputFileError, match=message) as caught:
        read_keras_architecture(path, weights)
    assert "\n" not in str(caught.value)


def test_weights_of_another_model(tmp_path: Path) -> None:
    weights = {"other": keras_2_weights()["dense"]}
    path, stored = write_pair(tmp_path, keras_2_decoder(), weights, "2.4.0")
    refused(path, stored, r"weights.h5: weight 'kernel' of layer 'dense' is missing")
    wide = {"dense": {"kernel:0": random(5, 3), "bias:0": random(3)}}
    refused(*write_pair(tmp_path, keras_2_decoder(), wide, "2.4.0"), r"\(5, 3\).*says \(4, 3\)")


def test_weights_that_are_none(tmp_path: Path) -> None:
    import h5py

    path, stored = write_pair(tmp_path, keras_2_decoder(), keras_2_weights(), "2.4.0")
    refused(path, tmp_path / "none.h5", r"none.h5: cannot be read")
    stored.write_bytes(b"hello")
    refused(path, stored, r"weights.h5: is not a readable Keras file")
    with h5py.File(stored, "w") as file:
        file["showers"] = np.ones(3)
    refused(path, stored, r"without weights of Keras \(it holds showers\)")


def test_weights_that_are_not_finite(tmp_path: Path) -> None:
    weights = keras_2_weights()
    weights["dense"]["dense/dense/bias:0"][1] = np.nan
    path, stored = write_pair(tmp_path, keras_2_decoder(), weights, "2.4.0")
    refused(path, stored, r"weights.h5: layer 'dense'.*bias\[1\] = nan")


def test_every_flipped_byte_is_read_or_refused(tmp_path: Path) -> None:
    """No damage may end in another exception than ours."""
    from caloexport.runtime.errors import CaloexportError

    pair = write_pair(tmp_path, keras_2_decoder(), keras_2_weights(), "2.4.0")
    generator = np.random.default_rng(0)
    for path in pair:
        whole, outcomes = path.read_bytes(), set()
        for place in generator.integers(0, len(whole), 80):
            damaged = bytearray(whole)
            damaged[place] ^= int(generator.integers(1, 256))
            path.write_bytes(damaged)
            try:
                outcomes.add(type(read_keras_architecture(*pair)))
            except CaloexportError as error:
                outcomes.add(type(error))
        path.write_bytes(whole)
        assert len(outcomes) > 1


@pytest.mark.parametrize("form", ["keras 2", "numbered"])
def test_weights_alone_are_no_model(form: str, tmp_path: Path) -> None:
    import h5py

    _, stored = write_pair(tmp_path, keras_2_decoder(), keras_2_weights(), "2.4.0")
    if form == "numbered":
        with h5py.File(stored, "w") as file:
            file["layers/dense/vars/0"] = np.ones(3)
    with pytest.raises(InputFileError, match=r"weights alone, .*to_json.*as --weights"):
        read_keras_model(stored)


def test_code_in_an_architecture_is_refused(tmp_path: Path) -> None:
    architecture = keras_2_decoder()
    code = {"function": ["4wEAAAA=", None, None], "function_type": "lambda"}
    architecture["config"]["layers"].append(keras_2_layer("Lambda", "lambda", **code))
    with pytest.raises(UnsupportedError, match="carries Python code"):
        read_keras_architecture(*write_pair(tmp_path, architecture, keras_2_weights(), "2.4.0"))
