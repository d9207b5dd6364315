"""Linear layers become matrices: the same outputs on flat vectors."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from caloexport.converters.rewrites import linear_as_dense as module
from caloexport.converters.rewrites.linear_as_dense import linear_as_dense, obstacle
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from tests.converters.rewrites.spatial_networks import spatial_networks
from tests.every_layer import conv, conv_transpose, layer_cases
from tests.networks import dense

#: every layer that is linear, or works value by value; none reads a sequence
FLAT = (
    "activation", "add", "concatenate", "conv", "conv_transpose", "dense", "divide", "dropout",
    "maximum", "minimum", "multiply", "normalization", "pad", "permute", "reduce-mean", "reduce-all",
    "reshape", "slice", "subtract", "upsample",
)  # fmt: skip
CASES = {name: network for name, network in layer_cases() if name.startswith(FLAT)}


def assert_equal(found: Network, expected: Network) -> None:
    """Compare two networks of the same input vector, whatever its shape."""
    x = np.random.default_rng(4).normal(size=(20, expected.n_inputs))
    values = [
        evaluate(network, Generator.from_network(network).split(x)).reshape(20, -1)
        for network in (found, expected)
    ]
    difference = compare(*values, "float64")
    assert difference.equal, difference


def is_flat(network: Network) -> bool:
    return all(len(shape) == 1 for shape in network.shapes.values())


@pytest.mark.parametrize("case", CASES)
def test_every_layer(case: str) -> None:
    network = between(CASES[case])
    found = linear_as_dense(network)
    assert is_flat(found)
    assert "reshape" not in {node.kind for node in found.nodes}
    assert_equal(found, network)


def between(network: Network) -> Network:
    """Give every input as a reshape of a vector, so that none is a sequence."""
    shapes = {f"{name}:flat": (int(np.prod(shape)),) for name, shape in network.inputs.items()}
    nodes = [
        Node(name, "reshape", (f"{name}:flat",), {"shape": list(shape)})
        for name, shape in network.inputs.items()
    ]
    return Network(shapes, [*nodes, *network.nodes], network.outputs)


@given(network=spatial_networks())
@settings(derandomize=True, max_examples=60, deadline=None)
def test_any_chain(network: Network) -> None:
    found = linear_as_dense(network)
    assert is_flat(found)
    assert_equal(found, network)


def test_a_chain_of_linear_layers_is_one_matrix() -> None:
    grid = conv((4, 4, 3), (2, 2), 5).nodes[0]
    nodes = [
        Node("wide", "upsample", ("x",), {"factors": [2, 2, 1]}),
        replace(grid, name="conv", inputs=("wide",)),
        Node("flat", "reshape", ("conv",), {"shape": [45]}),
    ]
    network = Network({"x": (2, 2, 3)}, nodes, ["flat"])
    found = linear_as_dense(network)
    assert [(node.name, node.kind) for node in found.nodes] == [("conv", "dense")]
    assert found["conv"].weights["kernel"].shape == (12, 45)
    assert_equal(found, network)


@pytest.mark.parametrize("also", ["reader", "output"])
def test_what_others_read_is_made(also: str) -> None:
    turn = {"order": [1, 0]}
    nodes = [
        Node("a", "permute", ("x",), turn),
        Node("b", "permute", ("a",), turn),
        Node("c", "add", ("b", "x")),
    ]
    if also == "reader":
        nodes += [Node("d", "permute", ("a",), turn), Node("e", "add", ("c", "d"))]
    network = Network({"x": (3, 2)}, nodes, [nodes[-1].name, *(["a"] if also == "output" else [])])
    found = linear_as_dense(network)
    assert found.shapes["a"] == (6,)
    assert_equal(found, network)


def test_softmax_over_the_last_axis_is_one_in_groups() -> None:
    nodes = [
        Node("grid", "reshape", ("x",), {"shape": [2, 3]}),
        Node("y", "activation", ("grid",), {"function": "softmax"}),
    ]
    network = Network({"x": (6,)}, nodes, ["y"])
    found = linear_as_dense(network)
    assert found["y"].attributes == {"function": "grouped_softmax", "groups": [3, 3]}
    assert_equal(found, network)


def test_weights_per_channel_are_repeated() -> None:
    scale = np.array([1.0, 2.0, 3.0])
    nodes = [
        dense("first", "x", 6, 12),
        Node("grid", "reshape", ("first",), {"shape": [2, 2, 3]}),
        Node("norm", "normalization", ("grid",), {}, {"scale": scale, "offset": scale - 2}),
        Node("swish", "activation", ("norm",), {"function": "swish"}, {"beta": scale}),
        Node("twice", "add", ("swish", "norm")),
    ]
    network = Network({"x": (6,)}, nodes, ["twice"])
    found = linear_as_dense(network)
    assert found["swish"].weights["beta"].tolist() == [1, 2, 3] * 4
    assert_equal(found, network)


def test_flat_networks_are_left_alone() -> None:
    network = Network({"x": (6,)}, [dense("y", "x", 6, 4)], ["y"])
    assert linear_as_dense(network) is network
    assert obstacle(network) is None


def recurrent(reads: str, **attributes: object) -> Node:
    weights = {"kernel": (3, 8), "recurrent_kernel": (2, 8), "bias": (8,)}
    given = {"activation": {"function": "tanh"}, "recurrent_activation": {"function": "sigmoid"}}
    arrays = {key: np.ones(shape, "f4") for key, shape in weights.items()}
    return Node("lstm", "lstm", (reads,), {**given, **attributes}, arrays)


def test_sequences_stay_sequences() -> None:
    nodes = [
        replace(conv((5, 3), (2,), 3).nodes[0], name="conv", inputs=("steps",)),
        dense("each", "conv", 3, 3),
        recurrent("each"),
        Node("both", "concatenate", ("lstm", "x")),
        Node("grid", "reshape", ("both",), {"shape": [2, 3]}),
        Node("turned", "permute", ("grid",), {"order": [1, 0]}),
    ]
    network = Network({"steps": (5, 3), "x": (4,)}, nodes, ["turned"])
    found = linear_as_dense(network)
    assert [node.kind for node in found.nodes] == ["conv", "dense", "lstm", "concatenate", "dense"]
    assert found.shapes["turned"] == (6,)
    assert_equal(found, network)


def test_the_last_step_of_a_sequence_stays() -> None:
    nodes = [
        recurrent("x", return_sequences=True),
        Node("last", "slice", ("lstm",), {"axis": 0, "start": 4, "step": 1, "length": 1}),
        Node("flat", "reshape", ("last",), {"shape": [2]}),
        dense("y", "flat", 2, 3),
    ]
    network = Network({"x": (5, 3)}, nodes, ["y"])
    assert [node.kind for node in linear_as_dense(network).nodes] == [n.kind for n in nodes]


def test_a_table_that_is_flattened_is_no_sequence() -> None:
    nodes = [
        replace(conv((4, 2), (3,), 2).nodes[0], name="conv"),
        Node("flat", "reshape", ("conv",), {"shape": [4]}),
        dense("y", "flat", 4, 3),
    ]
    network = Network({"x": (4, 2)}, nodes, ["y"])
    found = linear_as_dense(network)
    assert found.inputs == {"x": (8,)}
    assert_equal(found, network)


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        (lambda: recurrent("grid"), r"lstm cannot work on flat vectors, .* \(2, 3\)"),
        (
            lambda: Node("lstm", "reduce", ("grid",), {"function": "max", "axes": [0]}),
            "max cannot work on flat vectors",
        ),
        (
            lambda: Node("lstm", "activation", ("grid",), {"function": "log_softmax"}),
            "log_softmax cannot",
        ),
    ],
    ids=["recurrent", "maximum", "softmax"],
)
def test_what_is_in_the_way_is_named(node: Callable[[], Node], reason: str) -> None:
    nodes = [Node("grid", "reshape", ("x",), {"shape": [2, 3]}), node()]
    network = Network({"x": (6,)}, nodes, ["lstm"])
    assert linear_as_dense(network) is network
    found = obstacle(network)
    assert found is not None and found.layer == "lstm"
    assert re.search(reason, found.reason), found.reason


def test_a_matrix_above_the_limit_is_in_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    network = conv_transpose((4, 3, 2), (2, 2), 5, strides=[2, 2])
    monkeypatch.setattr(module, "WEIGHT_LIMIT", 24 * 240 - 1)
    assert linear_as_dense(network) is network
    found = obstacle(network)
    assert found is not None
    assert found.layer == "layer" and "24 x 240 weights, at most 5759" in found.reason
    monkeypatch.setattr(module, "WEIGHT_LIMIT", 24 * 240)
    assert obstacle(network) is None and linear_as_dense(network) is not network


def test_blocks_of_the_identity_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    network = between(conv((4, 4, 3), (2, 2), 5))
    whole = linear_as_dense(network)["layer"].weights["kernel"]
    monkeypatch.setattr(module, "BLOCK_VALUES", 500)
    np.testing.assert_array_equal(linear_as_dense(network)["layer"].weights["kernel"], whole)
