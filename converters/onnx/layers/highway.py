"""Highway."""

from __future__ import annotations

import numpy as np

from caloexport.converters.onnx.affine import affine
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.inner_activation import inner_activation
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node


@onnx_layers.register("highway")
def highway(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write c·act(x·Wt + bt) + (1 - c)·x, with c = σ(x·Wc + bc)."""
    (x,) = inputs
    parts = {}
    functions = {"transform": node.attributes["activation"], "carry": {"function": "sigmoid"}}
    for part, function in functions.items():
        kernel, bias = node.weights[f"{part}_kernel"], node.weights[f"{part}_bias"]
        place = f"{node.name}/{part}"
        axes = len(graph.shapes[node.inputs[0]])
        mapped = affine(graph, place, x, kernel, bias, axes, graph.name(f"{place}/mapped"))
        parts[part] = inner_activation(graph, function, place, mapped, graph.name(place))
    carry, one = parts["carry"], graph.weight(f"{node.name}/one", np.ones(1))
    new = graph.operate("Mul", [carry, parts["transform"]], graph.name(f"{node.name}/new"))
    rest = graph.operate("Sub", [one, carry], graph.name(f"{node.name}/rest"))
    old = graph.operate("Mul", [rest, x], graph.name(f"{node.name}/old"))
    graph.operate("Add", [new, old], output)
