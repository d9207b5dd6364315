"""What the two graph targets promise before and beside the file: costs of importing, absences."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import caloexport.converters.engines  # noqa: F401  # registers the engines
from caloexport.converters.export import reference_vectors
from caloexport.converters.targets import targets
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import MissingDependency
from caloexport.runtime.network import Network, Node
from tests.every_layer import ELU, SIGMOID, TANH, recurrent
from tests.networks import decoder

HEAVY = ("onnx", "onnxruntime", "tensorflow", "keras", "google.protobuf")


def test_registering_and_recognising_import_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"\x08\x07\x12\x02hi\x3a\x00")
    program = f"""
import sys
from pathlib import Path
import caloexport.converters.engines
from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.converters.savedmodel.activations import tensorflow_activations
from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.converters.targets import targets
from caloexport.runtime.backends import backends
place = Path({str(tmp_path)!r})
assert targets["onnx"].recognises(place / "a.onnx")
assert not targets["savedmodel"].recognises(place)
assert backends.names() and onnx_layers.names() and onnx_activations.names()
assert tensorflow_layers.names() and tensorflow_activations.names()
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    found = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert found.stdout == "[]\n"


@pytest.mark.parametrize(
    ("target", "library", "extra"),
    [("onnx", "onnx", "onnx"), ("savedmodel", "tensorflow", "train")],
)
def test_writing_without_the_library(
    target: str, library: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    generator = decoder()
    with pytest.raises(MissingDependency, match=rf"{library} .* 'caloexport\[{extra}\]'"):
        targets[target].write(tmp_path / "toy", generator, reference_vectors(generator))


@pytest.mark.parametrize(
    ("engine", "library"), [("onnxruntime", "onnxruntime"), ("tensorflow", "tensorflow")]
)
def test_running_without_the_library(
    engine: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingDependency, match=library):
        backends[engine].prepare(decoder())


@pytest.mark.parametrize("target", ["onnx", "savedmodel"])
def test_preparing_folds_normalizations_and_identities(target: str) -> None:
    network = decoder().network
    off = Node("off", "dropout", (network.outputs[0],))
    prepared = targets[target].prepare(Network(network.inputs, [*network.nodes, off], ["off"]))
    assert {node.kind for node in prepared.nodes} == {"dense", "activation"}
    assert targets[target].refusals(prepared) == []


@pytest.mark.parametrize("target", ["onnx", "savedmodel"])
def test_endless_sequences_are_not_written_out(target: str) -> None:
    short = recurrent("simple_rnn", 1, ELU, SIGMOID)
    long = Network({"x": (1001, 4)}, short.nodes, short.outputs)
    assert targets[target].refusals(short) == []
    (refusal,) = targets[target].refusals(long)
    assert refusal.layer == "layer"
    assert "1001 steps one by one, at most 1000" in refusal.reason


def test_onnx_has_an_operator_for_sequences_of_any_length() -> None:
    short = recurrent("lstm", 4, TANH, SIGMOID)
    assert targets["onnx"].refusals(Network({"x": (5000, 4)}, short.nodes, short.outputs)) == []
