"""Gaussian error linear unit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("gelu")
def gelu(graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str) -> None:
    """Write x·Φ(x) with Erf, or its tanh approximation."""
    half = graph.weight(f"{node.name}/half", np.array(0.5))
    one = graph.weight(f"{node.name}/one", np.array(1.0))
    inner = _tanh_of_cubic(graph, node, x) if constants["approximate"] else _erf(graph, node, x)
    cumulative = graph.operate("Add", [inner, one], graph.name(f"{node.name}/cumulative"))
    halved = graph.operate("Mul", [x, half], graph.name(f"{node.name}/halved"))
    graph.operate("Mul", [halved, cumulative], output)


def _erf(graph: OnnxGraph, node: Node, x: str) -> str:
    factor = graph.weight(f"{node.name}/factor", np.array(math.sqrt(0.5)))
    scaled = graph.operate("Mul", [x, factor], graph.name(f"{node.name}/scaled"))
    return graph.operate("Erf", [scaled], graph.name(f"{node.name}/erf"))


def _tanh_of_cubic(graph: OnnxGraph, node: Node, x: str) -> str:
    # √(2/π)·(x + 0.044715·x³) = x·(√(2/π) + √(2/π)·0.044715·x²)
    factor = graph.weight(f"{node.name}/factor", np.array(math.sqrt(2 / math.pi)))
    cubic = graph.weight(f"{node.name}/cubic", np.array(0.044715 * math.sqrt(2 / math.pi)))
    square = graph.operate("Mul", [x, x], graph.name(f"{node.name}/square"))
    bent = graph.operate("Mul", [square, cubic], graph.name(f"{node.name}/bent"))
    slope = graph.operate("Add", [bent, factor], graph.name(f"{node.name}/slope"))
    scaled = graph.operate("Mul", [x, slope], graph.name(f"{node.name}/scaled"))
    return graph.operate("Tanh", [scaled], graph.name(f"{node.name}/tanh"))
