"""Squareplus, accurate in its tail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("squareplus")
def squareplus(
    graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str
) -> None:
    """Write max(x, 0) + b/2/(|x| + √(x² + b)), or Relu where b is 0."""
    b = float(constants["b"])
    if b == 0:
        graph.operate("Relu", [x], output)
        return
    whole = graph.weight(f"{node.name}/b", np.array(b))
    half = graph.weight(f"{node.name}/half", np.array(b / 2))
    square = graph.operate("Mul", [x, x], graph.name(f"{node.name}/square"))
    total = graph.operate("Add", [square, whole], graph.name(f"{node.name}/total"))
    root = graph.operate("Sqrt", [total], graph.name(f"{node.name}/root"))
    size = graph.operate("Abs", [x], graph.name(f"{node.name}/size"))
    length = graph.operate("Add", [size, root], graph.name(f"{node.name}/length"))
    tail = graph.operate("Div", [half, length], graph.name(f"{node.name}/tail"))
    above = graph.operate("Relu", [x], graph.name(f"{node.name}/above"))
    graph.operate("Add", [above, tail], output)
