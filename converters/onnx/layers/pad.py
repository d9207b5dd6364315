"""Pad."""

from __future__ import annotations

import numpy as np

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node


@onnx_layers.register("pad")
def pad(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write Pad with a constant."""
    value = graph.weight(f"{node.name}/value", np.array(float(node.attributes.get("value", 0))))
    before, after = zip(*node.attributes["padding"], strict=True)
    margins = graph.sizes(f"{node.name}/padding", [0, *before, 0, *after])
    graph.operate("Pad", [inputs[0], margins, value], output, mode="constant")
