"""Maxout."""

from __future__ import annotations

from caloexport.converters.onnx.affine import affine
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node


@onnx_layers.register("maxout")
def maxout(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write one affine map to all pieces side by side, Reshape and ReduceMax."""
    kernel, bias = node.weights["kernel"], node.weights["bias"]
    pieces, n_in, n_out = kernel.shape
    *leading, _ = shape = graph.shapes[node.inputs[0]]
    joint = kernel.transpose(1, 0, 2).reshape(n_in, pieces * n_out)
    flat = graph.name(f"{node.name}/flat")
    affine(graph, node.name, inputs[0], joint, bias.reshape(-1), len(shape), flat)
    sizes = graph.sizes(f"{node.name}/shape", [0, *leading, pieces, n_out])
    parts = graph.operate("Reshape", [flat, sizes], graph.name(f"{node.name}/pieces"))
    graph.operate("ReduceMax", [parts], output, axes=[-2], keepdims=0)
