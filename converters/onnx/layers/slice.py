"""Slice."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.layers import onnx_layers
from caloexport.runtime.network import Node


@onnx_layers.register("slice")
def slice_(graph: OnnxGraph, node: Node, inputs: list[str], output: str) -> None:
    """Write Slice along one axis."""
    axis, start, step, length = (node.attributes[k] for k in ("axis", "start", "step", "length"))
    stop = start + step * length
    if stop < 0:  # would count from the end; this is clipped to the place before the first
        stop = -1 - graph.shapes[node.inputs[0]][axis]
    constants = {"starts": start, "ends": stop, "axes": axis + 1, "steps": step}
    names = [graph.sizes(f"{node.name}/{key}", [value]) for key, value in constants.items()]
    graph.operate("Slice", [inputs[0], *names], output)
