"""Kernels in half precision."""

from __future__ import annotations

import numpy as np

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.storages import onnx_storages
from caloexport.runtime.arrays import Float32


@onnx_storages.register("float16")
def float16(graph: OnnxGraph, name: str, values: Float32) -> str:
    """Add a kernel as float16 with a Cast, which ONNX Runtime carries out once, when loading.

    What was not rounded (vectors, small kernels) stays float32.
    """
    with np.errstate(over="ignore"):
        rounded = values.astype("<f2")
    if values.ndim < 2 or not np.array_equal(rounded, values):
        return graph.constant(name, values)
    half = graph.constant(f"{name}/float16", rounded)
    return graph.operate("Cast", [half], graph.name(name), to=1)  # 1 is FLOAT
