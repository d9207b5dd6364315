"""Reciprocal square root."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("rsqrt")
def rsqrt(graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str) -> None:
    """Write Reciprocal(Sqrt(x))."""
    root = graph.operate("Sqrt", [x], graph.name(f"{node.name}/root"))
    graph.operate("Reciprocal", [root], output)
