from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from caloexport.converters.rewrites.merge_inputs import merge_inputs
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node
from caloexport.runtime.noise import NoiseLaw
from caloexport.runtime.reference import evaluate
from tests.networks import decoder, four_inputs


@pytest.mark.parametrize(
    "order",
    [("z", "energy", "angle", "geometry"), ("geometry", "z", "angle", "energy")],
    ids=["same order", "another order"],
)
def test_the_merged_network_computes_the_same(order: tuple[str, ...]) -> None:
    generator = four_inputs(order)
    merged = merge_inputs(generator.network)
    x = NoiseLaw(15).draw(7, seed=3)
    assert list(merged.inputs.values()) == [(15,)]
    expected = evaluate(generator.network, generator.split(x))
    np.testing.assert_allclose(evaluate(merged, {"input": x}), expected, rtol=1e-12)


def test_a_single_input_stays_as_it_is() -> None:
    network = decoder().network
    assert merge_inputs(network) is network


def test_an_input_read_elsewhere_is_refused() -> None:
    network = four_inputs().network
    extra = Node("again", "add", ("fractions", "energy"))
    spread = Network(network.inputs, [*network.nodes, extra], ["again"])
    with pytest.raises(UnsupportedError, match="do not meet in one concatenation"):
        merge_inputs(spread)


def test_something_other_than_dense_behind_the_concatenation_is_refused() -> None:
    network = four_inputs().network
    tanh = Node("tanh", "activation", ("joint",), {"function": "tanh"})
    first = replace(network.nodes[1], inputs=("tanh",))
    nodes = [network.nodes[0], tanh, first, *network.nodes[2:]]
    generator = Generator.from_network(Network(network.inputs, nodes, network.outputs))
    with pytest.raises(UnsupportedError):
        merge_inputs(generator.network)
