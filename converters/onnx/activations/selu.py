"""Scaled exponential linear unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.activations.selu import ALPHA, SCALE
from caloexport.runtime.network import Node


@onnx_activations.register("selu")
def selu(graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str) -> None:
    """Write Selu with both constants, so that no reader's default matters."""
    graph.operate("Selu", [x], output, alpha=ALPHA, gamma=SCALE)
