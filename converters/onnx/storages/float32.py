"""Weights as they are."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.storages import onnx_storages
from caloexport.runtime.arrays import Float32


@onnx_storages.register("float32")
def float32(graph: OnnxGraph, name: str, values: Float32) -> str:
    """Add one tensor."""
    return graph.constant(name, values)
