"""Multiply."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node


@onnx_layers.register("multiply")
def multiply(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write a chain of Mul, which takes two inputs."""
    product, *rest = inputs
    if not rest:
        graph.operate("Identity", [product], output)
        return
    for step, factor in enumerate(rest[:-1]):
        partial = graph.name(f"{node.name}/product_{step}")
        product = graph.operate("Mul", [product, factor], partial)
    graph.operate("Mul", [product, rest[-1]], output)
