"""Continuously differentiable exponential linear unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("celu")
def celu(graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str) -> None:
    """Write x where x ≥ 0, α·(e^(x/α) - 1) elsewhere."""
    alpha = graph.weight(f"{node.name}/alpha", np.array(float(constants["alpha"])))
    zero = graph.weight(f"{node.name}/zero", np.array(0.0))
    one = graph.weight(f"{node.name}/one", np.array(1.0))
    negative = graph.operate("Min", [x, zero], graph.name(f"{node.name}/negative"))
    scaled = graph.operate("Div", [negative, alpha], graph.name(f"{node.name}/scaled"))
    power = graph.operate("Exp", [scaled], graph.name(f"{node.name}/power"))
    bent = graph.operate("Sub", [power, one], graph.name(f"{node.name}/bent"))
    below = graph.operate("Mul", [bent, alpha], graph.name(f"{node.name}/below"))
    chosen = graph.operate("GreaterOrEqual", [x, zero], graph.name(f"{node.name}/chosen"))
    graph.operate("Where", [chosen, x, below], output)
