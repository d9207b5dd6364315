"""The rewrites that bring a network into the vocabulary of LWTNN."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from caloexport.converters.rewrites.equal_addends import equal_addends
from caloexport.converters.rewrites.hard_sigmoid_slope import hard_sigmoid_slope
from caloexport.converters.rewrites.plain_rectifiers import plain_rectifiers
from caloexport.converters.rewrites.scalar_swish import scalar_swish
from caloexport.converters.rewrites.selu_as_elu import selu_as_elu
from caloexport.converters.rewrites.split_softmax import split_softmax
from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate
from tests.networks import dense

X = np.random.default_rng(5).normal(scale=5.0, size=(40, 6))


def around(attributes: dict[str, Any], **weights: Array) -> Network:
    """Return dense, an activation of six units, dense."""
    nodes = [
        dense("first", "x", 6, 6),
        Node("act", "activation", ("first",), attributes, weights),
        dense("last", "act", 6, 3),
    ]
    return Network({"x": (6,)}, nodes, ["last"])


def functions(network: Network) -> list[str]:
    return [n.attributes["function"] for n in network.nodes if n.kind == "activation"]


def assert_equal(found: Network, expected: Network, rtol: float = 1e-12) -> None:
    y = evaluate(expected, {"x": X}).reshape(len(X), -1)
    np.testing.assert_allclose(
        evaluate(found, {"x": X}).reshape(len(X), -1), y, rtol=0, atol=rtol * np.abs(y).max()
    )


def test_swish_per_unit_becomes_swish_of_one_beta() -> None:
    beta = np.array([1.0, -0.5, 3.0, 40.0, 1e-4, 0.3])
    network = around({"function": "swish"}, beta=beta)
    found = scalar_swish(network)
    assert [n.weights["beta"].size for n in found.nodes if n.kind == "activation"] == [1]
    assert_equal(found, network)


def test_a_beta_of_zero_stays_half_the_identity() -> None:
    network = around({"function": "swish"}, beta=np.array([0.0, 1.0, 2.0, -1e-20, 1.0, 1.0]))
    assert_equal(scalar_swish(network), network, rtol=1e-10)


@pytest.mark.parametrize("beta", [np.array([1.7]), np.full(6, 1.7)], ids=["scalar", "all equal"])
def test_one_beta_needs_nothing(beta: Array) -> None:
    network = around({"function": "swish"}, beta=beta)
    assert [node.kind for node in scalar_swish(network).nodes] == ["dense", "activation", "dense"]


def test_hard_sigmoid_takes_the_slope_of_the_format() -> None:
    network = around({"function": "hard_sigmoid", "slope": 1 / 6})
    found = hard_sigmoid_slope(network, 0.2)
    assert [n.attributes["slope"] for n in found.nodes if n.kind == "activation"] == [0.2]
    assert_equal(found, network)
    assert len(hard_sigmoid_slope(found, 0.2).nodes) == len(found.nodes)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["relu"]),
        ({"negative_slope": 0.2}, ["leaky_relu"]),
        ({"max_value": 6.0}, ["relu", "relu"]),
        ({"max_value": 3.0, "negative_slope": 0.1}, ["leaky_relu", "relu"]),
        ({"max_value": 0.5, "negative_slope": -0.5}, ["leaky_relu", "relu"]),
    ],
    ids=str,
)
def test_rectifiers_become_plain(options: dict[str, float], expected: list[str]) -> None:
    network = around({"function": "relu", **options})
    found = plain_rectifiers(network)
    assert functions(found) == expected
    assert all("max_value" not in node.attributes for node in found.nodes)
    assert_equal(found, network)


def test_a_threshold_stays() -> None:
    network = around({"function": "relu", "threshold": 1.0})
    assert functions(plain_rectifiers(network)) == ["relu"]
    assert plain_rectifiers(network)["act"].attributes["threshold"] == 1.0


def test_selu_is_a_scaled_elu() -> None:
    network = around({"function": "selu"})
    found = selu_as_elu(network)
    assert functions(found) == ["elu"]
    assert_equal(found, network)


@pytest.mark.parametrize("groups", [[2, 3, 1], [2, 3], [6]], ids=str)
def test_grouped_softmax_becomes_one_softmax_per_group(groups: list[int]) -> None:
    network = around({"function": "grouped_softmax", "groups": groups})
    found = split_softmax(network)
    assert "grouped_softmax" not in functions(found)
    assert functions(found).count("softmax") == len(groups)
    assert "first" not in [node.name for node in found.nodes]  # its columns went to the groups
    assert_equal(found, network)


def test_grouped_softmax_of_a_layer_that_others_read_picks_out_its_groups() -> None:
    groups = {"function": "grouped_softmax", "groups": [2, 4]}
    nodes = [
        dense("first", "x", 6, 6),
        Node("act", "activation", ("first",), groups),
        Node("both", "concatenate", ("first", "act")),
    ]
    network = Network({"x": (6,)}, nodes, ["both"])
    assert_equal(split_softmax(network), network)


def test_sums_get_vectors_of_one_size() -> None:
    nodes = [dense("one", "x", 6, 1), Node("sum", "add", ("one", "x", "one"))]
    network = Network({"x": (6,)}, nodes, ["sum"])
    found = equal_addends(network)
    assert {found.shapes[name] for name in found["sum"].inputs} == {(6,)}
    assert_equal(found, network)
