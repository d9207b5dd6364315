"""Models of other exporters: PyTorch's two and Keras's. Each gives what its own library gives."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from caloexport.converters.export import export
from caloexport.converters.onnx.read import read_onnx
from caloexport.converters.open import open_model
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare

GOLDEN = Path(__file__).parents[2] / "golden" / "onnx"
FILES = sorted(path.name for path in GOLDEN.glob("*.onnx"))
RESULTS = {
    name: golden
    for exporter in ("pytorch", "keras")
    for name, golden in json.loads((GOLDEN / f"{exporter}.json").read_text()).items()
}

#: what the layers of each network are in the end, activations by their function
LAYERS = {
    "silu": ["dense", "swish", "dense"],
    "activations": [
        "dense", "leaky_relu", "hard_sigmoid", "hard_swish", "elu", "mish", "dense",
    ],
    "rare": ["dense", "celu", "selu", "softplus", "clip", "dense"],
    "tanh_gelu": ["dense", "gelu", "softsign", "dense"],
    "softmax": ["dense", "relu", "softmax", "dense"],
    "conditioned": ["concatenate", "dense", "prelu", "dense", "sigmoid"],
    "grid": [
        "dense", "reshape", "permute", "conv_transpose", "leaky_relu", "upsample", "conv",
        "softplus", "reshape",
    ],
    "residual": [
        "slice", "slice", "layer_normalization", "dense", "gelu", "dense", "add", "exponential",
        "concatenate",
    ],
    "gru": ["gru", "dense"],
    "lstm_both_ways": ["lstm", "lstm", "slice", "concatenate", "dense"],
    "last": ["lstm"],
    "keras_decoder": [
        "dense", "leaky_relu", "normalization", "dense", "swish", "prelu", "dense", "sigmoid",
    ],
    "keras_conditions": [
        "concatenate", "dense", "hard_sigmoid", "layer_normalization", "dense", "mish", "add",
        "dense", "softmax",
    ],
    "keras_images": [
        "reshape", "conv_transpose", "elu", "upsample", "normalization", "conv", "relu", "reshape",
    ],
    "keras_volumes": ["conv_transpose", "leaky_relu", "conv", "softplus", "reshape"],
    "keras_rows": ["dense", "tanh", "permute", "dense", "selu", "mean"],
    "keras_rare": [
        "dense", "swish", "dense", "softsign", "relu", "normalization", "dense", "exponential",
        "dense", "relu",
    ],
}  # fmt: skip


def kinds(network: Network) -> list[str]:
    return [str(node.attributes.get("function", node.kind)) for node in network.nodes]


@pytest.mark.parametrize("name", FILES)
def test_what_was_exported_gives_what_the_library_gives(name: str) -> None:
    golden = RESULTS[name.split(".")[0]]
    model = read_onnx(GOLDEN / name)
    inputs = {key: np.array(values) for key, values in golden["inputs"].items()}
    outputs = evaluate(model.network, inputs)
    expected = np.array(golden["outputs"])
    difference = compare(outputs.reshape(expected.shape), expected, "float32")
    assert difference.equal, difference
    assert (model.batch, model.dtype) == (None, "float32")
    assert model.producer.split()[0] in ("pytorch", "tf2onnx")


@pytest.mark.parametrize("name", FILES)
def test_the_layers_are_found_again(name: str) -> None:
    found = kinds(read_onnx(GOLDEN / name).network)
    if name.endswith("script.onnx"):  # it leaves batch normalizations standing
        found = [kind for kind in found if kind != "normalization"]
    assert found == LAYERS[name.split(".")[0]]


@pytest.mark.parametrize("target", ["numba", "onnx", "savedmodel"])
def test_a_model_of_pytorch_converts(target: str, tmp_path: Path) -> None:
    model = open_model(GOLDEN / "conditioned.dynamo.onnx")
    exported = export(model, target, tmp_path / "model")
    assert exported.verification is not None
    assert exported.verification.equal
