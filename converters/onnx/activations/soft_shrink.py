"""Soft shrinkage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("soft_shrink")
def soft_shrink(
    graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str
) -> None:
    """Write Shrink; what is left moves by the threshold."""
    threshold = float(constants["threshold"])
    graph.operate("Shrink", [x], output, lambd=threshold, bias=threshold)
