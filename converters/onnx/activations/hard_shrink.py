"""Hard shrinkage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("hard_shrink")
def hard_shrink(
    graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str
) -> None:
    """Write Shrink without a bias."""
    graph.operate("Shrink", [x], output, lambd=float(constants["threshold"]), bias=0.0)
