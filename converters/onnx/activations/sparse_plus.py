"""Sparse plus, a rectifier with a parabola."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("sparse_plus")
def sparse_plus(
    graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str
) -> None:
    """Write (clip(x, -1, 1) + 1)²/4 + max(x - 1, 0)."""
    low = graph.weight(f"{node.name}/low", np.array(-1.0))
    one = graph.weight(f"{node.name}/one", np.array(1.0))
    half = graph.weight(f"{node.name}/half", np.array(0.5))
    inside = graph.operate("Clip", [x, low, one], graph.name(f"{node.name}/inside"))
    shifted = graph.operate("Add", [inside, one], graph.name(f"{node.name}/shifted"))
    halved = graph.operate("Mul", [shifted, half], graph.name(f"{node.name}/halved"))
    parabola = graph.operate("Mul", [halved, halved], graph.name(f"{node.name}/parabola"))
    beyond = graph.operate("Sub", [x, one], graph.name(f"{node.name}/beyond"))
    above = graph.operate("Relu", [beyond], graph.name(f"{node.name}/above"))
    graph.operate("Add", [parabola, above], output)
