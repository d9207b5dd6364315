"""Values cut at two bounds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("clip")
def clip(graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str) -> None:
    """Write Clip; a bound that is infinite is left out."""
    bounds = [
        graph.weight(f"{node.name}/{key}", np.array(float(constants[key])))
        if math.isfinite(constants[key])
        else ""
        for key in ("minimum", "maximum")
    ]
    graph.operate("Clip", [x, *bounds], output)
