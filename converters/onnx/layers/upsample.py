"""Upsample."""

from __future__ import annotations

import numpy as np

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node


@onnx_layers.register("upsample")
def upsample(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write a Gather for each axis, whose indices name each cell several times.

    Resize would do in one step, but its rounding of coordinates differs between releases.
    """
    x = inputs[0]
    shape = graph.shapes[node.inputs[0]]
    repeated = [(axis, n) for axis, n in enumerate(node.attributes["factors"]) if n > 1]
    for axis, factor in repeated:
        cells = np.repeat(np.arange(shape[axis]), factor).tolist()
        indices = graph.sizes(f"{node.name}/cells_{axis}", cells)
        name = output if axis == repeated[-1][0] else graph.name(f"{node.name}/axis_{axis}")
        x = graph.operate("Gather", [x, indices], name, axis=axis + 1)
    if not repeated:
        graph.operate("Identity", inputs, output)
