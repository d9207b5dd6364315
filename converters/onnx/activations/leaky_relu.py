"""Leaky rectified linear unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("leaky_relu")
def leaky_relu(
    graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str
) -> None:
    """Write LeakyRelu; its slope is always explicit."""
    graph.operate("LeakyRelu", [x], output, alpha=float(constants["negative_slope"]))
