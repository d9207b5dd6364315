"""Swish with a trained β."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("swish")
def swish(graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str) -> None:
    """Write Mul(x, Sigmoid(Mul(x, β))): opset 13 has no operator of its own."""
    beta = graph.weight(f"{node.name}/beta", node.weights["beta"])
    scaled = graph.operate("Mul", [x, beta], graph.name(f"{node.name}/scaled"))
    gate = graph.operate("Sigmoid", [scaled], graph.name(f"{node.name}/gate"))
    graph.operate("Mul", [x, gate], output)
