"""Which operators layers become, where there is a choice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from caloexport.converters.onnx.model import build_model
from caloexport.runtime.network import Network, Node
from tests.every_layer import ELU, HARD, SIGMOID, SWISH, TANH, conv, recurrent


def operators(network: Network) -> Counter[str]:
    return Counter(node.op_type for node in build_model(network, {}, "m").graph.node)


def test_nothing_is_transposed_between_convolutions() -> None:
    same = conv((4, 4, 3), (3, 3), 3, padding=[[1, 1], [1, 1]]).nodes[0]
    nodes = [
        replace(same, name="a"),
        Node("act", "activation", ("a",), {"function": "leaky_relu", "negative_slope": 0.1}),
        replace(same, name="b", inputs=("act",)),
        Node("end", "activation", ("b",), {"function": "sigmoid"}),
    ]
    found = operators(Network({"x": (4, 4, 3)}, nodes, ["end"]))
    assert found["Conv"] == 2
    assert found["Transpose"] == 2


def test_parameters_per_channel_want_the_channels_last() -> None:
    first = conv((4, 4, 3), (3, 3), 3).nodes[0]
    beta = {"beta": np.ones(3, dtype=np.float32)}
    act = Node("act", "activation", ("layer",), {"function": "swish"}, beta)
    found = operators(Network({"x": (4, 4, 3)}, [first, act], ["act"]))
    assert found["Transpose"] == 2


@pytest.mark.parametrize(
    ("kind", "gates", "operator"),
    [("lstm", 4, "LSTM"), ("gru", 3, "GRU"), ("simple_rnn", 1, "RNN")],
)
@pytest.mark.parametrize("gate", [SIGMOID, HARD])
def test_bounded_recurrent_layers_are_one_operator(
    kind: str, gates: int, operator: str, gate: dict[str, Any]
) -> None:
    assert operators(recurrent(kind, gates, TANH, gate))[operator] == 1


@pytest.mark.parametrize(("kind", "gates"), [("lstm", 4), ("gru", 3), ("simple_rnn", 1)])
@pytest.mark.parametrize("function", [ELU, SWISH])
def test_others_are_written_out_with_one_copy_of_their_weights(
    kind: str, gates: int, function: dict[str, Any]
) -> None:
    network = recurrent(kind, gates, function, SIGMOID)
    model = build_model(network, {}, "m")
    assert not {"LSTM", "GRU", "RNN"} & set(operators(network))
    held = sum(
        int(np.prod(tensor.dims)) for tensor in model.graph.initializer if len(tensor.dims) > 1
    )
    kernels = sum(w.size for w in network.nodes[0].weights.values() if w.ndim > 1)
    assert held == kernels
