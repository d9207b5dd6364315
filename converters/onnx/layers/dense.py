"""Dense."""

from __future__ import annotations

from caloexport.converters.onnx.affine import affine
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node


@onnx_layers.register("dense")
def dense(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write Gemm, or MatMul and Add where there are more axes."""
    axes = len(graph.shapes[node.inputs[0]])
    kernel, bias = node.weights["kernel"], node.weights["bias"]
    affine(graph, node.name, inputs[0], kernel, bias, axes, output)
