"""An affine map of the last axis, which several layers hold."""

from __future__ import annotations

from caloexport.converters.onnx.graph import OnnxGraph
from caloexport.runtime.arrays import Array


def affine(
    graph: OnnxGraph, place: str, x: str, kernel: Array, bias: Array, axes: int, output: str
) -> str:
    """Write x·kernel + bias: Gemm, which holds the bias; MatMul and Add where x has more axes.

    Args:
        graph: the model in the making.
        place: what the names of inner tensors begin with.
        x: tensor (batch, …, n_in).
        kernel, bias: (n_in, n_out) and (n_out,).
        axes: number of axes of x without the batch.
        output: the tensor to make.
    """
    weights = [graph.weight(f"{place}/kernel", kernel), graph.weight(f"{place}/bias", bias)]
    if axes == 1:
        return graph.operate("Gemm", [x, *weights], output)
    product = graph.operate("MatMul", [x, weights[0]], graph.name(f"{place}/product"))
    return graph.operate("Add", [product, weights[1]], output)
