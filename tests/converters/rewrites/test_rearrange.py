from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caloexport.converters.rewrites import rearrange as module
from caloexport.converters.rewrites.rearrange import flattened, rearrange
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.network import Network, Node
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.reference import evaluate
from tests.converters.rewrites.random_networks import networks
from tests.networks import decoder, dense


@given(networks(exact=True), st.randoms(use_true_random=False))
def test_outputs_come_in_the_new_order(network: Network, random) -> None:  # type: ignore[no-untyped-def]
    network = Network(network.inputs, network.nodes, network.outputs[:1])
    order = np.array(random.sample(range(network.n_outputs), network.n_outputs))
    x = NoiseLaw(network.n_inputs).draw(3, seed=1)
    expected = evaluate(network, {"x": x})[:, order]
    np.testing.assert_array_equal(evaluate(rearrange(network, order), {"x": x}), expected)


def test_a_decoder_keeps_its_layers() -> None:
    network = decoder().network
    order = np.arange(network.n_outputs)[::-1].copy()
    changed = rearrange(network, order)
    assert [node.name for node in changed.nodes] == [node.name for node in network.nodes]


def test_weights_of_each_unit_move_along() -> None:
    beta = np.array([0.5, 1.0, 2.0], dtype=np.float32)
    nodes = [
        dense("cells", "x", 2, 3),
        Node("swish", "activation", ("cells",), {"function": "swish"}, {"beta": beta}),
    ]
    network, x = Network({"x": (2,)}, nodes, ["swish"]), np.ones((1, 2))
    order = np.array([2, 0, 1])
    expected = evaluate(network, {"x": x})[:, order]
    np.testing.assert_array_equal(evaluate(rearrange(network, order), {"x": x}), expected)


def test_a_softmax_of_groups_is_not_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = [
        dense("cells", "x", 2, 4),
        Node("groups", "activation", ("cells",), {"function": "grouped_softmax", "groups": [2, 2]}),
    ]
    network, order = Network({"x": (2,)}, nodes, ["groups"]), np.array([2, 0, 1, 3])
    x = np.ones((1, 2))
    expected = evaluate(network, {"x": x})[:, order]
    np.testing.assert_array_equal(evaluate(rearrange(network, order), {"x": x}), expected)
    monkeypatch.setattr(module, "MATRIX_LIMIT", 15)
    with pytest.raises(UnsupportedError, match="train in the order of the consumer"):
        rearrange(network, order)


def test_flat_outputs() -> None:
    shaped = Node("shaped", "reshape", ("cells",), {"shape": [2, 2]})
    network = Network({"x": (2,)}, [dense("cells", "x", 2, 4), shaped], ["shaped"])
    assert flattened(network).outputs == ("cells",)
    turned = Node("turned", "permute", ("shaped",), {"order": [1, 0]})
    network = Network({"x": (2,)}, [*network.nodes, turned], ["turned"])
    flat = flattened(network)
    x = np.ones((1, 2))
    expected = evaluate(network, {"x": x}).reshape(1, 4)
    np.testing.assert_array_equal(evaluate(flat, {"x": x}), expected)
