"""Kernels in 8 bits."""

from __future__ import annotations

import numpy as np

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.storages import onnx_storages
from caloexport.converters.precisions.int8 import LEVELS, scales
from caloexport.runtime.arrays import Array, Float32


@onnx_storages.register("int8")
def int8(graph: OnnxGraph, name: str, values: Float32) -> str:
    """Add a kernel as int8 with DequantizeLinear, one scale per output.

    A writer may have turned the kernel, so the axis of the outputs is found from the values.
    """
    for axis in reversed(range(values.ndim if values.ndim > 1 else 0)):
        scale = scales(values, axis)
        levels: Array = values / scale
        if (levels == np.rint(levels)).all() and np.abs(levels).max() <= LEVELS:
            stored = graph.constant(f"{name}/int8", levels.astype("<i1"))
            steps = graph.constant(f"{name}/scale", scale.reshape(-1))
            zero = graph.constant(f"{name}/zero", np.zeros(scale.size, dtype="<i1"))
            inputs = [stored, steps, zero]
            return graph.operate("DequantizeLinear", inputs, graph.name(name), axis=axis)
    return graph.constant(name, values)
