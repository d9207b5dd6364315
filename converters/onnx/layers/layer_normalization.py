"""Layer normalization."""

from __future__ import annotations

import numpy as np

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node


@onnx_layers.register("layer_normalization")
def layer_normalization(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write mean, deviation and quotient one by one: opset 13 has no operator for it."""

    def name(part: str) -> str:
        return graph.name(f"{node.name}/{part}")

    deviation = inputs[0]
    if not node.attributes.get("rms", False):
        mean = graph.operate("ReduceMean", inputs, name("mean"), axes=[-1], keepdims=1)
        deviation = graph.operate("Sub", [inputs[0], mean], name("deviation"))
    square = graph.operate("Mul", [deviation, deviation], name("square"))
    variance = graph.operate("ReduceMean", [square], name("variance"), axes=[-1], keepdims=1)
    epsilon = graph.weight(f"{node.name}/epsilon", np.array(node.attributes["epsilon"]))
    shifted = graph.operate("Add", [variance, epsilon], name("shifted"))
    width = graph.operate("Sqrt", [shifted], name("width"))
    gamma = graph.weight(f"{node.name}/gamma", node.weights["gamma"])
    beta = graph.weight(f"{node.name}/beta", node.weights["beta"])
    unit = graph.operate("Div", [deviation, width], name("unit"))
    scaled = graph.operate("Mul", [unit, gamma], name("scaled"))
    graph.operate("Add", [scaled, beta], output)
