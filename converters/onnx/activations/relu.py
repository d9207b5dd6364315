"""Rectified linear unit with the three options of Keras."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("relu")
def relu(graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str) -> None:
    """Write Relu, LeakyRelu, Clip, or a Where for a threshold."""
    slope, threshold = float(constants["negative_slope"]), float(constants["threshold"])
    ceiling = float(constants["max_value"])
    bent = output if math.isinf(ceiling) else graph.name(f"{node.name}/bent")
    if threshold != 0:
        _with_threshold(graph, node, x, bent, slope, threshold)
    elif slope != 0:
        graph.operate("LeakyRelu", [x], bent, alpha=slope)
    else:
        graph.operate("Relu", [x], bent)
    if bent != output:
        limit = graph.weight(f"{node.name}/max_value", np.array(ceiling))
        graph.operate("Clip", [bent, "", limit], output)


def _with_threshold(
    graph: OnnxGraph, node: Node, x: str, output: str, slope: float, threshold: float
) -> None:
    """Write x where x ≥ threshold, slope·(x - threshold) elsewhere."""
    step = graph.weight(f"{node.name}/threshold", np.array(threshold))
    factor = graph.weight(f"{node.name}/negative_slope", np.array(slope))
    shifted = graph.operate("Sub", [x, step], graph.name(f"{node.name}/shifted"))
    below = graph.operate("Mul", [shifted, factor], graph.name(f"{node.name}/below"))
    chosen = graph.operate("GreaterOrEqual", [x, step], graph.name(f"{node.name}/chosen"))
    graph.operate("Where", [chosen, x, below], output)
