"""Logarithm of softmax over all units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.converters.onnx.activations import onnx_activations
from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.network import Node


@onnx_activations.register("log_softmax")
def log_softmax(
    graph: OnnxGraph, node: Node, constants: Mapping[str, Any], x: str, output: str
) -> None:
    """Write LogSoftmax over the last axis."""
    graph.operate("LogSoftmax", [x], output, axis=-1)
