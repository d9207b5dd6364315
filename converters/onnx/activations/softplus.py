"""Softplus, accurate in its tail.

ONNX Runtime's Softplus is ln(1 + e^x) as it stands, which is 0 below -17: an absolute error of
6e-8, too much for the cells of an energetic shower (see ``sigmoid``). ONNX has no log1p, but what
rounding u = 1 + e drops can be added: ln(1 + e) = ln u + (e - (u - 1))/u to the last digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("softplus")
def softplus(
    graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str
) -> None:
    """Write max(x, 0) + ln(1 + e^-|x|)."""
    above = graph.operate("Relu", [x], graph.name(f"{node.name}/above"))
    graph.operate("Add", [above, log1p_exp(graph, node, x)], output)


def log1p_exp(graph: OnnxGraph, node: Node, x: str) -> str:
    """Write ln(1 + e^-|x|) and return its name."""
    one = graph.weight(f"{node.name}/one", np.array(1.0))
    size = graph.operate("Abs", [x], graph.name(f"{node.name}/size"))
    negative = graph.operate("Neg", [size], graph.name(f"{node.name}/negative"))
    e = graph.operate("Exp", [negative], graph.name(f"{node.name}/power"))
    u = graph.operate("Add", [e, one], graph.name(f"{node.name}/total"))
    rest = graph.operate("Sub", [u, one], graph.name(f"{node.name}/rest"))
    lost = graph.operate("Sub", [e, rest], graph.name(f"{node.name}/lost"))
    correction = graph.operate("Div", [lost, u], graph.name(f"{node.name}/correction"))
    logarithm = graph.operate("Log", [u], graph.name(f"{node.name}/logarithm"))
    return graph.operate("Add", [logarithm, correction], graph.name(f"{node.name}/log1p"))
