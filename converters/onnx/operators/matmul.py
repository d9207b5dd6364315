"""MatMul and Gemm with a constant matrix."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from caloexport.converters.onnx.broadcasting import affine, combined
from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import Operand, Value
from caloexport.runtime.arrays import Array


def _fold(call: Call, operands: list[Array]) -> Array:
    return np.asarray(operands[0] @ operands[1])


@operator("MatMul", fold=_fold)
def matmul(call: Call) -> list[Operand]:
    """A dense layer along the last axis, or the last but one where the matrix stands first."""
    left, right = call.operand(0), call.operand(1)
    if isinstance(left, Value) and isinstance(right, Value):
        raise call.unsupported("it multiplies two matrices that both depend on the input")
    if isinstance(left, Value):
        matrix = _matrix(call, call.weights(1))
        if matrix.ndim == 1:
            made = dense(call, left, left.rank - 1, matrix[:, None])
            return [replace(made, axes=made.axes[:-1])]
        return [dense(call, left, left.rank - 1, matrix)]
    value, matrix = call.value(1), _matrix(call, call.weights(0))
    if matrix.ndim == 1 or value.rank < 2:
        raise call.unsupported("it multiplies a vector by a matrix that depends on the input")
    return [dense(call, value, value.rank - 2, matrix.T)]


def _matrix(call: Call, values: Array) -> Array:
    """Return the constant without axes of size 1 in front."""
    while values.ndim > 2 and values.shape[0] == 1:
        values = values[0]
    if values.ndim not in (1, 2):
        raise call.unsupported(f"it multiplies by a stack of matrices {values.shape}")
    return values


def dense(call: Call, value: Value, axis: int, kernel: Array, bias: Array | None = None) -> Value:
    """Return a dense layer along an axis of a tensor.

    Args:
        call: the operator.
        value: the tensor.
        axis: of the tensor, counted from the front.
        kernel: (n_in, n_out).
        bias: (n_out,), zeros if not given.
    """
    value = call.layout.with_last(value, call.inner_axis(axis, value))
    if value.shape[-1] != kernel.shape[0]:
        raise call.damaged(f"a matrix {kernel.shape} does not fit a tensor of {value.shape}")
    kernel = np.require(
        kernel, np.float32 if kernel.dtype != np.float64 else np.float64, ["C", "A"]
    )
    weights = {"kernel": kernel, "bias": np.zeros(kernel.shape[1]) if bias is None else bias}
    return call.add("dense", [value], "", weights)


@operator("Gemm")
def gemm(call: Call) -> list[Operand]:
    """A dense layer: alpha·x·W + beta·c."""
    value = call.value(0)
    weights = call.weights(1)
    if value.rank != 2 or weights.ndim != 2:
        raise call.damaged("it takes matrices")
    if call.integer("transA", 0):
        raise call.unsupported("it transposes the showers")
    kernel = weights.T if call.integer("transB", 0) else weights
    alpha, beta = call.real("alpha", 1.0), call.real("beta", 1.0)
    if alpha != 1:
        kernel = kernel.astype(np.float64) * alpha
    added = call.optional(2)
    if added is None or beta == 0:
        return [dense(call, value, 1, kernel)]
    if isinstance(added, Value):
        made = dense(call, value, 1, kernel)
        scaled = affine(call, added, np.array(beta), np.zeros(()), "beta") if beta != 1 else added
        return [combined(call, "add", made, scaled)]
    bias = np.asarray(call.weights(2), np.float64) * beta
    units = kernel.shape[1]
    if bias.size in (1, units) and bias.shape[-1:] in ((), (1,), (units,)):
        return [dense(call, value, 1, kernel, np.broadcast_to(bias.ravel(), (units,)).copy())]
    return [affine(call, dense(call, value, 1, kernel), np.ones(()), bias, "bias")]
