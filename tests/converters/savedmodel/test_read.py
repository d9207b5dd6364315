"""Models of other programs become networks that compute the same."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from caloexport.converters.savedmodel.read import ReadModel, read_saved_model
from caloexport.runtime.errors import InputFileError, UnsupportedError, UsageError
from caloexport.runtime.interface import Interface, Port
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.converters.savedmodel.foreign_models import MAKE, Foreign

Models = Mapping[str, Foreign]


def kinds(model: ReadModel) -> list[str]:
    """Return the kinds of the layers, activations by their function."""
    return [str(node.attributes.get("function", node.kind)) for node in model.network.nodes]


@pytest.mark.parametrize("name", MAKE)
def test_the_network_computes_what_the_model_does(name: str, foreign: Models) -> None:
    model = foreign[name]
    network = read_saved_model(model.folder).network
    found = evaluate(network, model.inputs, np.float32)
    assert found.shape == model.expected.shape
    difference = compare(found.reshape(5, -1), model.expected.reshape(5, -1), "float32")
    assert difference.equal, difference


def test_the_layers_of_a_decoder_are_found_again(foreign: Models) -> None:
    model = read_saved_model(foreign["decoder"].folder)
    assert kinds(model) == [
        "concatenate", "dense", "leaky_relu", "normalization", "dense", "swish", "dense", "gelu",
        "layer_normalization", "dense", "hard_sigmoid", "prelu", "dense", "sigmoid",
    ]  # fmt: skip
    # called as Keras called it, which counts the layers of a process
    (norm,) = (n.name for n in model.network.nodes if n.kind == "layer_normalization")
    assert norm.startswith("layer_normalization_")


def test_inputs_have_the_order_of_the_model(foreign: Models) -> None:
    model = read_saved_model(foreign["decoder"].folder)
    assert list(model.network.inputs) == ["z", "energy", "angle", "geometry"]
    assert [port.name for port in model.interface.inputs] == ["z", "energy", "angle", "geometry"]


def test_the_layers_of_a_convolutional_decoder_are_found_again(foreign: Models) -> None:
    assert kinds(read_saved_model(foreign["convolutional"].folder)) == [
        "dense", "reshape", "conv_transpose", "relu", "upsample", "normalization",
        "conv", "permute", "dense", "slice", "slice", "reshape", "softmax",
    ]  # fmt: skip


def test_loops_over_sequences_are_recurrent_layers(foreign: Models) -> None:
    model = read_saved_model(foreign["recurrent"].folder)
    assert kinds(model) == ["lstm", "gru", "simple_rnn"]
    flags = [node.attributes["return_sequences"] for node in model.network.nodes]
    assert flags == [True, True, False]
    assert model.network.nodes[2].attributes["go_backwards"] is True
    assert model.network.nodes[1].attributes["reset_after"] is True


def test_names_of_an_endpoint_stay(foreign: Models) -> None:
    model = read_saved_model(foreign["archived"].folder)
    assert model.interface == Interface((Port("Noise", "variable_{}"),), Port("out", "out_{}"))


def test_a_fixed_batch_and_its_precision_are_told(foreign: Models) -> None:
    model = read_saved_model(foreign["fixed batch"].folder)
    assert (model.interface.batch, model.interface.dtype) == (1, "float64")


def test_signature_and_output_are_chosen(foreign: Models) -> None:
    model = foreign["module"]
    other = read_saved_model(model.folder, signature="serving_default:output_10")
    assert other.interface.output.name == "output_10"
    tanh = evaluate(other.network, model.inputs)
    assert np.allclose(tanh, np.tanh(model.expected), atol=1e-6)
    half = read_saved_model(model.folder, signature="half").network
    assert np.allclose(evaluate(half, model.inputs), model.inputs["x"] / 2)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("other", "has no signature 'other' .it has half, serving_default"),
        ("half:z", "has no output 'z' .it has y"),
    ],
)
def test_a_wrong_choice_names_the_right_ones(wanted: str, message: str, foreign: Models) -> None:
    with pytest.raises(UsageError, match=message):
        read_saved_model(foreign["module"].folder, signature=wanted)


def test_open_steps_have_to_be_given(tensorflow: Any, tmp_path: Path) -> None:
    tf = tensorflow
    module = tf.Module()
    spec = tf.TensorSpec((None, None, 2), name="x")
    module.call = tf.function(lambda x: {"y": tf.reduce_sum(x, 1)}).get_concrete_function(spec)
    tf.saved_model.save(module, str(tmp_path / "model"), signatures=module.call)
    with pytest.raises(InputFileError, match=r"how many steps .*--steps N"):
        read_saved_model(tmp_path / "model")
    network = read_saved_model(tmp_path / "model", steps=3).network
    x = np.arange(12.0).reshape(2, 3, 2)
    assert np.allclose(evaluate(network, {"x": x}), x.sum(axis=1))


FILES = ["saved_model.pb", "variables/variables.index", "variables/variables.data-00000-of-00001"]


@pytest.mark.parametrize("keep", [0, 1, 10, 0.3, 0.6, 0.99])
@pytest.mark.parametrize("file", FILES)
def test_truncated(file: str, keep: float, foreign: Models, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(foreign["tensorflow 1"].folder, tmp_path / "copy"))
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(content[: int(keep * len(content) if keep < 1 else keep)])
    with pytest.raises(InputFileError):
        read_saved_model(folder)


@pytest.mark.parametrize("file", FILES[1:])
def test_missing_files(file: str, foreign: Models, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(foreign["tensorflow 1"].folder, tmp_path / "copy"))
    (folder / file).unlink()
    with pytest.raises(InputFileError):
        read_saved_model(folder)


@pytest.mark.parametrize("file", FILES)
def test_flipped_bytes_end_in_a_sentence_or_a_network(
    file: str, foreign: Models, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(foreign["tensorflow 1"].folder, tmp_path / "copy"))
    content = (folder / file).read_bytes()
    rng = np.random.default_rng(5)
    outcomes = set()
    for _ in range(40):
        damaged = bytearray(content)
        for place in rng.integers(0, len(content), 3):
            damaged[place] ^= int(rng.integers(1, 256))
        (folder / file).write_bytes(damaged)
        try:
            read_saved_model(folder)
            outcomes.add("read")
        except (InputFileError, UnsupportedError, UsageError) as error:
            outcomes.add(type(error).__name__)
    assert "InputFileError" in outcomes
    if file == FILES[2]:
        assert outcomes == {"InputFileError"}  # every byte of the weights has its check sum
