"""Models that PyTorch exported: what its two exporters wrote gives what PyTorch gives."""

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
RESULTS = json.loads((GOLDEN / "golden.json").read_text())

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
}  # fmt: skip


def kinds(network: Network) -> list[str]:
    return [str(node.attributes.get("function", node.kind)) for node in network.nodes]


@pytest.mark.parametrize("name", FILES)
def test_what_pytorch_exported_gives_what_pytorch_gives(name: str) -> None:
    golden = RESULTS[name.split(".")[0]]
    model = read_onnx(GOLDEN / name)
    inputs = {key: np.array(values) for key, values in golden["inputs"].items()}
    outputs = evaluate(model.network, inputs)
    expected = np.array(golden["outputs"])
    difference = compare(outputs.reshape(expected.shape), expected, "float32")
    assert difference.equal, difference
    assert (model.output, model.batch, model.dtype) == ("y", None, "float32")
    assert model.producer.startswith("pytorch 2.13")


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
