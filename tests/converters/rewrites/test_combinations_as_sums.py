"""Differences, maxima and minima as sums: the same values."""

from __future__ import annotations

import numpy as np
import pytest

from caloexport.converters.rewrites.combinations_as_sums import combinations_as_sums
from caloexport.converters.rewrites.simplify import simplify
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate
from tests.networks import dense


@pytest.mark.parametrize("kind", ["subtract", "maximum", "minimum"])
@pytest.mark.parametrize("sizes", [(4, 4), (1, 4), (4, 1), (4,), (4, 1, 4)], ids=str)
def test_equal(kind: str, sizes: tuple[int, ...]) -> None:
    if kind == "subtract" and len(sizes) != 2:
        sizes = sizes[:1] * 2
    inputs = {f"x{k}": (size,) for k, size in enumerate(sizes)}
    network = Network(inputs, [Node("y", kind, tuple(inputs))], ["y"])
    found = combinations_as_sums(network)
    assert kind not in {node.kind for node in found.nodes}
    random = np.random.default_rng(1)
    x = {name: random.normal(scale=10, size=(30, *shape)) for name, shape in inputs.items()}
    expected = evaluate(network, x)
    np.testing.assert_allclose(evaluate(found, x), expected, rtol=1e-13, atol=1e-13)


def test_a_difference_is_folded_into_the_layer_before() -> None:
    nodes = [dense("a", "x", 3, 4), dense("b", "x", 3, 4, 2), Node("y", "subtract", ("a", "b"))]
    network = Network({"x": (3,)}, nodes, ["y"])
    found = simplify(combinations_as_sums(network))
    assert [node.kind for node in found.nodes] == ["dense", "dense", "add"]
