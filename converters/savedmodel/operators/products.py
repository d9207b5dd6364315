"""Products with constant matrices: dense layers."""

from __future__ import annotations

import numpy as np

from caloexport.converters.savedmodel.operators import Call, operators
from caloexport.converters.savedmodel.values import Tensor, Value, require_moderate
from caloexport.runtime.arrays import Array


def dense(call: Call, x: Tensor, kernel: Array) -> Tensor:
    """Add a dense layer of the last axis, its bias still zero."""
    if x.batch == x.rank - 1:
        raise call.unsupported("sums over the batch axis")
    if kernel.ndim != 2:
        raise call.unsupported(f"has a matrix of {kernel.ndim} axes")
    weights = {"kernel": kernel, "bias": np.zeros(kernel.shape[1], kernel.dtype)}
    return call.draft.add(call.name, "dense", [x], {}, weights)


@operators.register("MatMul")
@operators.register("BatchMatMulV2")
@operators.register("BatchMatMulV3")
def matrix_product(call: Call) -> Value:
    """Return x·W."""
    turned = [bool(call.node.whole(a) or call.node.whole(b)) for a, b in TURNED]
    if call.constant:
        first, second = (
            np.swapaxes(a, -1, -2) if turn else a
            for a, turn in zip(call.arrays(), turned, strict=True)
        )
        require_moderate(*first.shape[:-1], second.shape[-1])
        return np.asarray(first @ second)
    if isinstance(call.inputs[0], np.ndarray) or turned[0]:
        raise call.unsupported("multiplies by a tensor from the right")
    if isinstance(call.inputs[1], Tensor):
        raise call.unsupported("multiplies two tensors that depend on the inputs")
    kernel = call.array(1)
    if kernel.ndim > 2 and set(kernel.shape[:-2]) == {1}:
        kernel = kernel.reshape(kernel.shape[-2:])
    return dense(call, call.tensor(0), kernel.T if turned[1] else kernel)


#: attributes that transpose the first and the second matrix, of MatMul and of BatchMatMul
TURNED = (("transpose_a", "adj_x"), ("transpose_b", "adj_y"))


@operators.register("Einsum")
def einsum(call: Call) -> Value:
    """Return a sum over the last axes of x and the first of a constant, in any notation."""
    if call.constant:
        raise call.unsupported("has constants alone")
    terms, _, result = call.node.text("equation").replace(" ", "").partition("->")
    first, _, second = terms.partition(",")
    summed = [letter for letter in second if letter in first and letter not in result]
    rest = [letter for letter in second if letter not in summed]
    kept = first[: len(first) - len(summed)]
    fits = summed and first == kept + "".join(summed) and result == kept + "".join(rest)
    if len(call.inputs) != 2 or "," in second or not fits:
        raise call.unsupported(f"computes '{call.node.text('equation')}', which is no dense layer")
    x, kernel = call.tensor(0), call.array(1)
    order = [second.index(letter) for letter in [*summed, *rest]]
    kernel = kernel.transpose(order)
    outer = kernel.shape[len(summed) :]
    inner = int(np.prod(kernel.shape[: len(summed)]))
    flat = call.draft.reshape(call.name, x, (*x.sizes[: x.rank - len(summed)], inner))
    made = dense(call, flat, kernel.reshape(inner, -1))
    return call.draft.reshape(call.name, made, (*made.sizes[:-1], *outer))
