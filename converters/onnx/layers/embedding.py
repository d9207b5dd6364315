"""Embedding."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node

#: number of the type in onnx.proto3
INT64 = 7


@onnx_layers.register("embedding")
def embedding(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write Gather from the table between the values before and behind the category."""
    (x,), column = inputs, node.attributes["column"]
    behind = graph.shapes[node.inputs[0]][-1] - column - 1
    names = [graph.name(f"{node.name}/{part}") for part in ("before", "category", "behind")]
    sizes = [column, 1, behind]
    used = [k for k, size in enumerate(sizes) if size]
    cuts = graph.sizes(f"{node.name}/sizes", [sizes[k] for k in used])
    graph.split(x, cuts, [names[k] for k in used])
    axis = graph.sizes(f"{node.name}/axis", [-1])
    alone = graph.operate("Squeeze", [names[1], axis], graph.name(f"{node.name}/alone"))
    index = graph.operate("Cast", [alone], graph.name(f"{node.name}/index"), to=INT64)
    table = graph.weight(f"{node.name}/table", node.weights["table"])
    names[1] = graph.operate("Gather", [table, index], graph.name(f"{node.name}/vector"))
    graph.operate("Concat", [names[k] for k in used], output, axis=-1)
