"""Logarithm of the logistic function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.activations.softplus import log1p_exp
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("log_sigmoid")
def log_sigmoid(
    graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str
) -> None:
    """Write min(x, 0) - ln(1 + e^-|x|), as accurate as softplus."""
    zero = graph.weight(f"{node.name}/zero", np.array(0.0))
    below = graph.operate("Min", [x, zero], graph.name(f"{node.name}/below"))
    graph.operate("Sub", [below, log1p_exp(graph, node, x)], output)
