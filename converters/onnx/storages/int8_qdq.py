"""Kernels in 8 bits as ONNX describes quantised ones, for engines with integer products."""

from __future__ import annotations

import numpy as np

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.levels import levels_of
from caloexport.converters.onnx.storages import onnx_storages
from caloexport.runtime.arrays import Float32


@onnx_storages.register("int8-qdq")
def int8_qdq(graph: OnnxGraph, name: str, values: Float32) -> str:
    """Add a kernel as int8 with DequantizeLinear, one scale per output."""
    found = levels_of(values)
    if found is None:
        return graph.constant(name, values)
    levels, scale, axis = found
    stored = graph.constant(f"{name}/int8", levels)
    steps = graph.constant(f"{name}/scale", scale.reshape(-1))
    zero = graph.constant(f"{name}/zero", np.zeros(scale.size, dtype="<i1"))
    inputs = [stored, steps, zero]
    return graph.operate("DequantizeLinear", inputs, graph.name(name), axis=axis)
