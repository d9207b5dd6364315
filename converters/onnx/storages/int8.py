"""Kernels in 8 bits, arithmetic in float32."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.converters.onnx.levels import levels_of
from caloexport.converters.onnx.storages import onnx_storages
from caloexport.runtime.arrays import Float32


@onnx_storages.register("int8")
def int8(graph: OnnxGraph, name: str, values: Float32) -> str:
    """Add a kernel as int8 with Cast and Mul, which ONNX Runtime carries out once, when loading.

    Not with DequantizeLinear: from that, ONNX Runtime makes products that round the other side to
    8 bits, too (MatMulNBits, seen in 1.32).
    """
    found = levels_of(values)
    if found is None:
        return graph.constant(name, values)
    levels, scale, _ = found
    stored = graph.constant(f"{name}/int8", levels)
    steps = graph.constant(f"{name}/scale", scale)
    whole = graph.operate("Cast", [stored], graph.name(f"{name}/levels"), to=1)  # 1 is FLOAT
    return graph.operate("Mul", [whole, steps], graph.name(name))
