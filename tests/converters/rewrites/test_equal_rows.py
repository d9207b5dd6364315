from __future__ import annotations

import numpy as np

from caloexport.converters.rewrites.equal_rows import equal_rows
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate
from tests.networks import dense


def with_rows(*sizes: float) -> Network:
    node = dense("y", "x", len(sizes), 3)
    kernel = node.weights["kernel"] * np.array(sizes, dtype=np.float32)[:, None]
    return Network({"x": (len(sizes),)}, [node.with_weights(kernel=kernel)], ["y"])


def test_rows_get_one_size() -> None:
    network = with_rows(1e-4, 3.0, 5e3, 0.0)
    equal = equal_rows(network)
    assert [node.kind for node in equal.nodes] == ["normalization", "dense"]
    largest = np.abs(equal["y"].weights["kernel"]).max(axis=1)
    np.testing.assert_allclose(largest, [1, 1, 1, 0], rtol=1e-6)
    x = np.random.default_rng(1).normal(size=(5, 4)).astype(np.float32)
    found, expected = evaluate(equal, {"x": x}), evaluate(network, {"x": x})
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6 * np.abs(expected).max())


def test_rows_that_are_alike_stay() -> None:
    kernel = np.array([[0.7, -0.2], [0.1, 0.75]], dtype=np.float32)
    node = Node("y", "dense", ("x",), {}, {"kernel": kernel, "bias": np.zeros(2, np.float32)})
    assert equal_rows(Network({"x": (2,)}, [node], ["y"])).nodes == (node,)
