"""Piecewise linear sigmoid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("hard_sigmoid")
def hard_sigmoid(
    graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str
) -> None:
    """Write HardSigmoid; the slope tells Keras 2 (0.2) from Keras 3 (1/6)."""
    graph.operate("HardSigmoid", [x], output, alpha=float(constants["slope"]), beta=0.5)
