"""Selections move into the columns of the dense layer before them, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from caloexport.converters.rewrites.fold_selections import fold_selections
from caloexport.converters.rewrites.simplify import simplify
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate
from tests.converters.rewrites.spatial_networks import BY_VALUE, spatial_networks
from tests.networks import dense

X = np.random.default_rng(3).normal(size=(9, 4))
UPSAMPLE = {"factors": [1, 2, 1]}


def chain(*nodes: Node, outputs: tuple[str, ...] = ()) -> Network:
    """Return dense, a grid of (2, 3, 2), and more."""
    first = dense("first", "x", 4, 12), Node("grid", "reshape", ("first",), {"shape": [2, 3, 2]})
    return Network({"x": (4,)}, [*first, *nodes], outputs or (nodes[-1].name,))


def permute(name: str, reads: str) -> Node:
    return Node(name, "permute", (reads,), {"order": [2, 0, 1]})


def kinds(network: Network) -> list[str]:
    return [node.kind for node in network.nodes]


def assert_same(found: Network, expected: Network) -> None:
    # the matrix product may sum in another order for other columns, so row by row
    for row in X:
        np.testing.assert_allclose(
            evaluate(found, {"x": row[None]}),
            evaluate(expected, {"x": row[None]}),
            rtol=1e-13,
            atol=1e-14,
        )


@given(network=spatial_networks(kinds=BY_VALUE))
@settings(derandomize=True, max_examples=80, deadline=None)
def test_nothing_is_left_but_reshapes(network: Network) -> None:
    found = fold_selections(network, weight_limit=10**6)
    assert not {"permute", "slice", "upsample"} & set(kinds(found))
    assert found.outputs == network.outputs
    assert_same(found, network)


@given(network=spatial_networks(kinds=BY_VALUE, repeated=False))
@settings(derandomize=True, max_examples=40, deadline=None)
def test_what_costs_nothing_is_folded_by_default(network: Network) -> None:
    found = fold_selections(network)
    assert not {"permute", "slice", "upsample"} & set(kinds(found))
    before = sum(node.weights["kernel"].size for node in network.nodes if node.kind == "dense")
    after = sum(node.weights["kernel"].size for node in found.nodes if node.kind == "dense")
    assert after <= before
    assert_same(found, network)


def test_columns_and_parameters_are_permuted() -> None:
    beta = np.array([0.5, 2.0], dtype=np.float32)
    network = chain(
        Node("act", "activation", ("grid",), {"function": "swish"}, {"beta": beta}),
        permute("turned", "act"),
    )
    found = fold_selections(network)
    assert kinds(found) == ["dense", "activation", "reshape"]
    places = np.arange(12).reshape(2, 3, 2).transpose(2, 0, 1).ravel()
    np.testing.assert_array_equal(
        found["first"].weights["kernel"], network["first"].weights["kernel"][:, places]
    )
    assert found["act"].weights["beta"].tolist() == [0.5] * 6 + [2.0] * 6
    assert_same(found, network)


def test_a_normalization_behind_the_grid_reaches_the_dense_layer() -> None:
    weights = {"scale": np.array([2.0, 0.0]), "offset": np.array([1.0, -1.0])}
    network = chain(
        Node("norm", "normalization", ("grid",), {}, weights), permute("turned", "norm")
    )
    found = simplify(network, np.float64)
    assert kinds(found) == ["dense", "reshape"]
    assert_same(found, network)


def test_repetition_needs_leave() -> None:
    network = chain(Node("wide", "upsample", ("grid",), UPSAMPLE))
    assert fold_selections(network) is network
    assert fold_selections(network, weight_limit=4 * 24 - 1) is network
    found = fold_selections(network, weight_limit=4 * 24)
    assert found["first"].weights["kernel"].shape == (4, 24)
    assert_same(found, network)


def test_a_permutation_that_moves_nothing_is_a_reshape_anywhere() -> None:
    nodes = [Node("y", "permute", ("x",), {"order": [1, 0]})]
    assert kinds(fold_selections(Network({"x": (1, 4)}, nodes, ["y"]))) == ["reshape"]


@pytest.mark.parametrize(
    "network",
    [
        chain(
            permute("turned", "grid"),
            Node("sum", "reduce", ("grid",), {"function": "sum", "axes": [0]}),
            outputs=("turned",),
        ),
        chain(permute("turned", "grid"), outputs=("turned", "first")),
        chain(
            Node("soft", "activation", ("grid",), {"function": "softmax"}),
            permute("turned", "soft"),
        ),
        chain(dense("each", "grid", 2, 2), permute("turned", "each")),
        Network({"x": (2, 3, 2)}, [permute("turned", "x")], ["turned"]),
    ],
    ids=["two readers", "an output", "softmax", "dense over an axis", "an input"],
)
def test_what_cannot_be_folded_stays(network: Network) -> None:
    assert fold_selections(network) is network
