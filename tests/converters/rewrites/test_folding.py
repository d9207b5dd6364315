"""Which normalizations are folded, and what becomes of the weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from caloexport.converters.rewrites.drop_identities import drop_identities
from caloexport.converters.rewrites.fold_backward import fold_normalizations_backward
from caloexport.converters.rewrites.fold_forward import fold_normalizations_forward
from caloexport.converters.rewrites.merge_normalizations import merge_normalizations
from caloexport.converters.rewrites.simplify import simplify
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate
from tests.every_layer import conv, conv_transpose

KERNEL = np.array([[1, 2], [3, 4]], dtype=np.float32)
BIAS = np.array([5, 6], dtype=np.float32)
SCALE = np.array([2, 0], dtype=np.float32)  # γ = 0 in the second unit
OFFSET = np.array([10, 20], dtype=np.float32)


def dense(name: str, reads: str) -> Node:
    return Node(name, "dense", (reads,), {}, {"kernel": KERNEL, "bias": BIAS})


def normalization(name: str, reads: str, scale: Any = SCALE, offset: Any = OFFSET) -> Node:
    return Node(name, "normalization", (reads,), {}, {"scale": scale, "offset": offset})


def tanh(name: str, reads: str) -> Node:
    return Node(name, "activation", (reads,), {"function": "tanh"})


def network(*nodes: Node, outputs: tuple[str, ...] = ()) -> Network:
    return Network({"x": (2,)}, nodes, outputs or (nodes[-1].name,))


def kinds(of: Network) -> list[str]:
    return [node.kind for node in of.nodes]


def test_backward() -> None:
    folded = fold_normalizations_backward(network(dense("d", "x"), normalization("n", "d")))
    assert folded.outputs == ("d",)
    assert folded["d"].weights["kernel"].tolist() == [[2, 0], [6, 0]]
    assert folded["d"].weights["bias"].tolist() == [20, 20]
    assert folded["d"].weights["kernel"].dtype == np.float32


def test_forward_through_the_order_of_par04() -> None:
    folded = fold_normalizations_forward(
        network(dense("a", "x"), tanh("t", "a"), normalization("n", "t"), dense("d", "n"))
    )
    assert kinds(folded) == ["dense", "activation", "dense"]
    assert folded["d"].inputs == ("t",)
    assert folded["d"].weights["kernel"].tolist() == [[2, 4], [0, 0]]
    assert folded["d"].weights["bias"].tolist() == [5 + 10 + 60, 6 + 20 + 80]


def test_forward_into_several_dense_layers() -> None:
    folded = fold_normalizations_forward(
        network(
            normalization("n", "x"), dense("a", "n"), dense("b", "n"),
            Node("sum", "add", ("a", "b")),
        )
    )  # fmt: skip
    assert kinds(folded) == ["dense", "dense", "add"]


def test_merge() -> None:
    merged = merge_normalizations(network(normalization("n", "x"), normalization("m", "n")))
    assert kinds(merged) == ["normalization"]
    assert merged["m"].weights["scale"].tolist() == [4, 0]
    assert merged["m"].weights["offset"].tolist() == [30, 20]


def test_a_whole_chain() -> None:
    chain = network(
        normalization("n1", "x"),
        Node("drop", "dropout", ("n1",)),
        normalization("n2", "drop"),
        dense("a", "n2"),
        normalization("n3", "a"),
        normalization("n4", "n3"),
        tanh("t", "n4"),
        normalization("n5", "t"),
        dense("b", "n5"),
        Node("linear", "activation", ("b",), {"function": "linear"}),
    )
    assert kinds(simplify(chain)) == ["dense", "activation", "dense"]


def test_what_cannot_be_folded_stays() -> None:
    after_tanh = network(tanh("t", "x"), normalization("n", "t"))
    assert kinds(simplify(after_tanh)) == ["activation", "normalization"]
    read_twice = network(dense("d", "x"), normalization("n", "d"), Node("sum", "add", ("n", "d")))
    assert kinds(simplify(read_twice)) == ["dense", "normalization", "add"]
    both_outputs = network(dense("d", "x"), normalization("n", "d"), outputs=("n", "d"))
    assert kinds(simplify(both_outputs)) == ["dense", "normalization"]
    also_output = network(normalization("n", "x"), dense("d", "n"), outputs=("d", "n"))
    assert kinds(simplify(also_output)) == ["normalization", "dense"]


def test_a_fold_that_would_overflow_is_left_undone() -> None:
    huge = np.full(2, 3e38, dtype=np.float32)
    for nodes in (
        (dense("d", "x"), normalization("n", "d", huge)),
        (normalization("n", "x", huge), dense("d", "n")),
        (normalization("m", "x", huge), normalization("n", "m", huge)),
    ):
        assert len(simplify(network(*nodes)).nodes) == 2


def test_identities_between_identities() -> None:
    nodes = [
        Node("a", "dropout", ("x",)),
        Node("b", "reshape", ("a",), {"shape": [2]}),
        Node("c", "reshape", ("b",), {"shape": [1, 2]}),
        Node("d", "activation", ("c",), {"function": "linear"}),
    ]
    left = drop_identities(network(*nodes))
    assert [node.name for node in left.nodes] == ["c"]
    assert left["c"].inputs == ("x",)
    assert left.outputs == ("c",)


def test_a_network_of_identities_returns_its_input() -> None:
    left = drop_identities(network(Node("a", "dropout", ("x",))))
    assert left.nodes == ()
    assert left.outputs == ("x",)


def test_the_original_is_untouched() -> None:
    before = network(dense("d", "x"), normalization("n", "d"))
    simplify(before)
    assert before["d"].weights["kernel"] is KERNEL
    assert len(before.nodes) == 2


@pytest.mark.parametrize("kind", ["conv", "conv_transpose"])
def test_a_convolution_takes_a_normalization_along(kind: str) -> None:
    make = {"conv": conv, "conv_transpose": conv_transpose}[kind]
    layer = make((4, 3, 2), (3, 2), 3, strides=[1, 2]).nodes[0]
    weights = {"scale": np.array([2.0, 0.0, -1.0]), "offset": np.array([1.0, 2.0, 3.0])}
    nodes = [layer, Node("n", "normalization", ("layer",), {}, weights)]
    before = Network({"x": (4, 3, 2)}, nodes, ["n"])
    folded = simplify(before, np.float64)
    assert kinds(folded) == [kind]
    x = {"x": np.random.default_rng(1).normal(size=(5, 4, 3, 2))}
    np.testing.assert_allclose(evaluate(folded, x), evaluate(before, x), rtol=1e-12, atol=1e-12)


def test_a_reshape_before_reshapes_does_nothing() -> None:
    nodes = [
        Node("a", "reshape", ("x",), {"shape": [2, 3]}),
        Node("b", "reshape", ("a",), {"shape": [3, 2]}),
        Node("c", "reshape", ("a",), {"shape": [6]}),
    ]
    left = drop_identities(Network({"x": (6,)}, nodes, ["b", "c"]))
    assert [node.name for node in left.nodes] == ["b"]
    assert left.outputs == ("b", "x")
    kept = drop_identities(Network({"x": (6,)}, nodes[:2], ["b", "a"]))
    assert [node.name for node in kept.nodes] == ["a", "b"]
