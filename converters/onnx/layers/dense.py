"""Dense."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node


@onnx_layers.register("dense")
def dense(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write Gemm, which holds the bias; MatMul and Add where there are more axes."""
    kernel = graph.weight(f"{node.name}/kernel", node.weights["kernel"])
    bias = graph.weight(f"{node.name}/bias", node.weights["bias"])
    if len(graph.shapes[node.inputs[0]]) == 1:
        graph.operate("Gemm", [inputs[0], kernel, bias], output)
    else:
        product = graph.operate("MatMul", [inputs[0], kernel], graph.name(f"{node.name}/product"))
        graph.operate("Add", [product, bias], output)
