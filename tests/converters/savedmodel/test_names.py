from __future__ import annotations

import pytest

from caloexport.converters.savedmodel.names import readable
from caloexport.runtime.network import Network, Node
from tests.networks import dense

TANH, RELU = {"function": "tanh"}, {"function": "relu"}


def test_scopes_become_names() -> None:
    nodes = [
        dense("model/first/BiasAdd", "x", 3, 3),
        Node("model/first/Tanh", "activation", ("model/first/BiasAdd",), TANH),
        Node("model/norm/batchnorm/add_1", "dropout", ("model/first/Tanh",)),
        Node("Relu", "activation", ("model/norm/batchnorm/add_1",), RELU),
        Node("other/first/Tanh", "activation", ("Relu",), TANH),
    ]
    network = readable(Network({"x": (3,)}, nodes, ["other/first/Tanh"]))
    names = [node.name for node in network.nodes]
    assert names == ["first", "first_activation", "norm", "Relu", "first_activation_2"]
    assert network.outputs == ("first_activation_2",)
    assert network["norm"].inputs == ("first_activation",)


@pytest.mark.parametrize("name", ["x/Tanh", "model/x/Tanh"])
def test_inputs_keep_their_names(name: str) -> None:
    network = readable(Network({"x": (3,)}, [Node(name, "activation", ("x",), TANH)], [name]))
    assert list(network.inputs) == ["x"]
    assert [node.name for node in network.nodes] == ["x_activation"]
