"""Recurrent layers as one operator of ONNX, or written out where its activations do not do.

ONNX counts the steps first, (steps, batch, values), keeps an axis for two directions, and holds
the kernel of every gate transposed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.unrolled_operators import OnnxOperators
from caloexport.converters.unrolled import unrolled
from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Node

OPERATORS = {"lstm": "LSTM", "gru": "GRU", "simple_rnn": "RNN"}
BOUNDED = {"tanh": "Tanh", "sigmoid": "Sigmoid", "hard_sigmoid": "HardSigmoid"}


def recurrent(
    graph: OnnxGraph, node: Node, x: str, output: str, gates: Sequence[int], **attributes: int
) -> None:
    """Write a recurrent layer.

    Args:
        graph: the model in the making.
        node: of one of the recurrent kinds.
        x, output: the tensor to read and the one to make.
        gates: for each gate in ONNX's order its place in ours.
        attributes: more of the operator's.
    """
    steps = graph.shapes[node.inputs[0]][0]
    named = _activations(node)
    if named is None:
        made = unrolled(OnnxOperators(graph, node), node, x, steps)
        graph.operate("Identity", [made], output)
        return
    if node.attributes.get("go_backwards", False):
        x = _reversed(graph, node, x, steps)
    units = node.weights["recurrent_kernel"].shape[0]
    ahead = graph.operate("Transpose", [x], graph.name(f"{node.name}/steps_first"), perm=[1, 0, 2])
    made = graph.name(f"{node.name}/made")
    whole = node.attributes.get("return_sequences", False)
    graph.operate_for(
        OPERATORS[node.kind],
        [ahead, *_weights(graph, node, units, gates)],
        [made] if whole else ["", made],
        hidden_size=units,
        **named,
        **attributes,
    )
    if whole:  # (steps, directions, batch, units)
        order = {"perm": [2, 0, 1, 3]}
        made = graph.operate("Transpose", [made], graph.name(f"{node.name}/batch_first"), **order)
        shape = graph.sizes(f"{node.name}/shape", [0, steps, units])
        graph.operate("Reshape", [made, shape], output)
    else:  # (directions, batch, units)
        graph.operate("Squeeze", [made, graph.sizes(f"{node.name}/direction", [0])], output)


def is_written_out(node: Node) -> bool:
    """Say whether a node becomes operators for every step."""
    return node.kind in OPERATORS and _activations(node) is None


def _weights(graph: OnnxGraph, node: Node, units: int, gates: Sequence[int]) -> list[str]:
    def in_order(values: Array) -> Array:
        parts = values.reshape(*values.shape[:-1], len(gates), units)[..., list(gates), :]
        return np.asarray(parts.reshape(values.shape))

    bias = node.weights["bias"]
    inner = node.weights.get("recurrent_bias", np.zeros_like(bias))
    kernels = [
        graph.weight(f"{node.name}/{key}", in_order(node.weights[key]).T[None])
        for key in ("kernel", "recurrent_kernel")
    ]
    # not as a weight: of those only kernels have axes, and lose digits in some precisions
    both = np.concatenate([in_order(bias), in_order(inner)])[None].astype("<f4")
    return [*kernels, graph.constant(f"{node.name}/bias", both)]


def _reversed(graph: OnnxGraph, node: Node, x: str, steps: int) -> str:
    """Turn the steps round; the operator's own "reverse" would turn the outputs back."""
    values = {"starts": -1, "ends": -steps - 1, "axes": 1, "steps": -1}
    constants = [graph.sizes(f"{node.name}/{key}", [value]) for key, value in values.items()]
    return graph.operate("Slice", [x, *constants], graph.name(f"{node.name}/reversed"))


def _activations(node: Node) -> dict[str, Any] | None:
    """Return the inner activations as attributes of the operator, None where it shall not be used.

    A gate of ONNX Runtime's operators is wrong by 1e-7 (measured in 1.32, where it should be 0).
    On a bounded state that is nothing; beside unbounded ones the steps are written out, with
    gates that keep their digits.
    """
    function = node.attributes["activation"]
    gate = node.attributes.get("recurrent_activation", function)
    used = {"lstm": [gate, function, function], "gru": [gate, function], "simple_rnn": [function]}
    attributes: dict[str, Any] = {}
    for given in used[node.kind]:
        if given["function"] not in BOUNDED:
            return None
        attributes.setdefault("activations", []).append(BOUNDED[given["function"]])
        if given["function"] == "hard_sigmoid":  # the lists count only activations that need them
            attributes.setdefault("activation_alpha", []).append(float(given["slope"]))
            attributes.setdefault("activation_beta", []).append(0.5)
    return attributes
