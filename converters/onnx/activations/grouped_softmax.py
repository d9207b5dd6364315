"""Softmax within groups of neighbouring units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("grouped_softmax")
def grouped_softmax(
    graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str
) -> None:
    """Write Split, one Softmax per group, Concat; units after the last group pass."""
    groups = [int(size) for size in constants["groups"]]
    rest = graph.shapes[node.inputs[0]][-1] - sum(groups)
    sizes = graph.sizes(f"{node.name}/groups", [*groups, rest] if rest else groups)
    parts = [graph.name(f"{node.name}/part_{k}") for k in range(len(groups) + bool(rest))]
    graph.split(x, sizes, parts)
    ends = list(parts)
    for k in range(len(groups)):
        end = graph.name(f"{node.name}/softmax_{k}")
        ends[k] = graph.operate("Softmax", [parts[k]], end, axis=-1)
    graph.operate("Concat", ends, output, axis=-1)
