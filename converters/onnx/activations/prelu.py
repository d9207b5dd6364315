"""Rectified linear unit with a trained slope."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("prelu")
def prelu(graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str) -> None:
    """Write PRelu; its slopes are repeated along the other axes."""
    alpha = graph.weight(f"{node.name}/alpha", node.weights["alpha"])
    graph.operate("PRelu", [x, alpha], output)
