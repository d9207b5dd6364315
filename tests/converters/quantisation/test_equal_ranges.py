from __future__ import annotations

import numpy as np

from caloexport.converters.quantisation.calibration import calibration_inputs
from caloexport.converters.quantisation.equal_ranges import equal_ranges
from caloexport.converters.quantisation.layer_inputs import layer_inputs
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate
from tests.networks import dense


def generator() -> Generator:
    """Return a network whose hidden units range very differently; one of them never moves."""
    first = dense("first", "x", 6, 40)
    sizes = np.geomspace(1e-3, 10, 40, dtype=np.float32)
    kernel = first.weights["kernel"] * sizes
    kernel[:, 7] = 0
    first = first.with_weights(kernel=kernel, bias=3 * sizes)
    nodes = [
        first,
        Node("relu", "activation", ("first",), {"function": "relu"}),
        Node("norm", "normalization", ("relu",), {}, {"scale": 2 * sizes, "offset": sizes}),
        dense("last", "norm", 40, 50),
    ]
    return Generator.from_network(Network({"x": (6,)}, nodes, ["last"]))


def test_the_same_function_with_inputs_of_one_range() -> None:
    usual = generator()
    inputs = calibration_inputs(usual, 3000)
    found = equal_ranges(usual, usual.network, inputs, lambda node: node.name == "last")
    assert [node.kind for node in found.nodes] == ["dense", "activation", "normalization", "dense"]
    exact, again = (evaluate(n, usual.split(inputs)) for n in (usual.network, found))
    np.testing.assert_allclose(again, exact, atol=1e-5 * np.abs(exact).max())
    seen = np.concatenate(list(layer_inputs(usual, found, 3, inputs)))
    moving = np.delete(seen, 7, axis=1)
    np.testing.assert_allclose(
        np.quantile(moving, [0.001, 0.999], axis=0).T, [[-1, 1]] * 39, atol=0.02
    )
    assert np.abs(seen[:, 7]).max() < 1e-5


def test_nothing_chosen_nothing_changed() -> None:
    usual = generator()
    inputs = calibration_inputs(usual, 20)
    assert equal_ranges(usual, usual.network, inputs, lambda node: False) is usual.network
