"""Kernels in half precision."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.storages import onnx_storages
from caloexport.runtime.arrays import Float32


@onnx_storages.register("float16")
def float16(graph: OnnxGraph, name: str, values: Float32) -> str:
    """Add a kernel as float16 with a Cast, which ONNX Runtime carries out once, when loading."""
    if values.ndim < 2:
        return graph.constant(name, values)
    half = graph.constant(f"{name}/float16", values.astype("<f2"))
    return graph.operate("Cast", [half], graph.name(name), to=1)  # 1 is FLOAT
