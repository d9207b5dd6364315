"""Reduce."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node

OPERATORS = {"mean": "ReduceMean", "max": "ReduceMax", "min": "ReduceMin"}


@onnx_layers.register("reduce")
def reduce(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write ReduceSum, whose axes are an input in opset 13, or one of those with an attribute."""
    axes = [axis + 1 for axis in node.attributes["axes"]]
    function, keep = node.attributes["function"], node.attributes.get("keep", False)
    nothing_left = not keep and len(axes) == len(graph.shapes[node.inputs[0]])
    made = graph.name(f"{node.name}/made") if nothing_left else output
    if function == "sum":
        over = graph.sizes(f"{node.name}/axes", axes)
        graph.operate("ReduceSum", [inputs[0], over], made, keepdims=int(keep))
    else:
        graph.operate(OPERATORS[function], inputs, made, axes=axes, keepdims=int(keep))
    if nothing_left:  # one value per shower is still a vector
        graph.operate("Reshape", [made, graph.sizes(f"{node.name}/shape", [-1, 1])], output)
