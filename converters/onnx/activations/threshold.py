"""A value of its own up to a threshold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("threshold")
def threshold(
    graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str
) -> None:
    """Write the value where x is at most the threshold, x elsewhere."""
    step = graph.weight(f"{node.name}/threshold", np.array(float(constants["threshold"])))
    value = graph.weight(f"{node.name}/value", np.array(float(constants["value"])))
    below = graph.operate("LessOrEqual", [x, step], graph.name(f"{node.name}/below"))
    graph.operate("Where", [below, value, x], output)
