"""Swish with a piecewise linear sigmoid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("hard_swish")
def hard_swish(
    graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str
) -> None:
    """Write Mul(x, HardSigmoid(x)): opset 13 has no operator of its own."""
    gate = graph.name(f"{node.name}/gate")
    graph.operate("HardSigmoid", [x], gate, alpha=1 / 6, beta=0.5)
    graph.operate("Mul", [x, gate], output)
