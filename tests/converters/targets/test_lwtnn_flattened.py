"""What LWTNN has no node for, but mathematics allows: convolutional decoders as dense layers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from caloexport.converters.export import export
from caloexport.converters.lwtnn.read import read_lwtnn
from caloexport.converters.verify import verify
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node
from tests.every_layer import conv, conv_transpose
from tests.networks import dense


def leaky(name: str, reads: str) -> Node:
    return Node(name, "activation", (reads,), {"function": "leaky_relu", "negative_slope": 0.3})


def decoder() -> Network:
    """Return dense, grid, two times upsampling and convolution, softmax over the last axis."""
    same = [[1, 1], [1, 1]]
    up = conv_transpose((6, 4, 4), (3, 3), 3, strides=[2, 2], crop=[[1, 0], [0, 1]]).nodes[0]
    nodes = [
        dense("hidden", "x", 5, 24),
        Node("grid", "reshape", ("hidden",), {"shape": [3, 2, 4]}),
        leaky("act0", "grid"),
        Node("wide", "upsample", ("act0",), {"factors": [2, 2, 1]}),
        replace(conv((6, 4, 4), (3, 3), 4, padding=same).nodes[0], name="conv1", inputs=("wide",)),
        leaky("act1", "conv1"),
        replace(up, name="conv2", inputs=("act1",)),
        Node("turned", "permute", ("conv2",), {"order": [1, 0, 2]}),
        Node("soft", "activation", ("turned",), {"function": "softmax"}),
        Node("cells", "reshape", ("soft",), {"shape": [8 * 12 * 3]}),
    ]
    return Network({"x": (5,)}, nodes, ["cells"])


def test_a_convolutional_decoder(tmp_path: Path) -> None:
    path = tmp_path / "toy.json"
    exported = export(Generator.from_network(decoder(), name="toy"), "lwtnn", path)
    assert exported.verification is not None and exported.verification.equal
    assert verify(path).equal
    architectures = {layer["architecture"] for layer in json.loads(path.read_text())["layers"]}
    assert architectures == {"dense"}
    read_lwtnn(path)


def test_the_upsampling_went_into_the_dense_layer(tmp_path: Path) -> None:
    path = tmp_path / "toy.json"
    network = export(Generator.from_network(decoder()), "lwtnn", path).generator.network
    assert network["hidden"].weights["kernel"].shape == (5, 96)
    assert network["conv1"].weights["kernel"].shape == (96, 96)


def test_above_the_limit_the_layer_is_named(tmp_path: Path) -> None:
    nodes = [
        dense("hidden", "x", 2, 2000),
        Node("grid", "reshape", ("hidden",), {"shape": [25, 20, 4]}),
        replace(conv((25, 20, 4), (1, 1), 5).nodes[0], name="conv", inputs=("grid",)),
    ]
    network = Network({"x": (2,)}, nodes, ["conv"])
    with pytest.raises(UnsupportedError, match=r"layer 'conv': .* 2000 x 2500 weights, at most 4"):
        export(Generator.from_network(network), "lwtnn", tmp_path / "toy.json")
    assert list(tmp_path.iterdir()) == []
