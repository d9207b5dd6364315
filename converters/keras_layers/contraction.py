"""Products of a tensor with a constant one, written as einsum: dense layers on other axes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from caloexport.converters.keras_layers import LayerCall, Step
from caloexport.converters.keras_layers.rearranging import permuted, reshaped
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def contracted(call: LayerCall, equation: str, kernel: Array) -> list[Step]:
    """Return the product as permutations, reshapes and one dense layer without bias.

    Args:
        call: whose first input is the first factor.
        equation: ``"abc,cd->abd"``, the batch axis first; ``...`` stands for further axes.
        kernel: the constant factor.

    Raises:
        UnsupportedError: an axis that both factors keep, or a product that mixes showers.
        InputFileError: it does not fit the shapes.
    """
    x, k, y = parsed(call, equation, kernel.ndim)
    sizes = _sizes(call, equation, x, k, kernel)
    kept = [label for label in x[1:] if label not in k]
    summed = [label for label in x[1:] if label in k]
    new = [label for label in k if label not in x]
    problem = x[0] in k or y[:1] != x[:1] or sorted(y[1:]) != sorted([*kept, *new])
    if problem:
        message = f"the product '{equation}' is no dense layer on some axes"
        raise call.unsupported(message, "supported: products that sum over the shared axes")
    matrix = kernel.transpose([k.index(label) for label in (*summed, *new)])
    rows, columns = (math.prod(sizes[label] for label in part) for part in (summed, new))
    weights = {
        "kernel": matrix.reshape(rows, columns).astype(np.float32),
        "bias": np.zeros(columns, dtype=np.float32),
    }
    before, made = [sizes[label] for label in kept], [*kept, *new]
    full = [sizes[label] for label in made] or [1]
    return [
        *permuted([x.index(label) - 1 for label in (*kept, *summed)]),
        *reshaped((*before, *(sizes[label] for label in summed)), [*before, rows]),
        Step("dense", {}, weights),
        *reshaped((*before, columns), full),
        *permuted([made.index(label) for label in y[1:]]),
    ]


def _sizes(
    call: LayerCall, equation: str, x: list[str], k: list[str], kernel: Array
) -> dict[str, int]:
    """Return the size of every axis by its label, that of the batch 0."""
    sizes = dict(zip(x, (0, *call.shapes[0]), strict=True))
    for label, size in zip(k, kernel.shape, strict=True):
        if sizes.setdefault(label, size) != size:
            message = f"'{equation}' does not fit a tensor of {call.shapes[0]} and {kernel.shape}"
            raise InputFileError(message, where=call.place)
    return sizes


def parsed(
    call: LayerCall, equation: str, kernel_rank: int
) -> tuple[list[str], list[str], list[str]]:
    """Return the labels of both factors and of the product, one for each axis.

    Raises:
        UnsupportedError: not of the form ``x,kernel->y``.
        InputFileError: not as many labels as axes.
    """
    left, arrow, right = equation.replace(" ", "").partition("->")
    factors = left.split(",")
    if not arrow or len(factors) != 2:
        message = f"the equation {equation!r:.60} is not of the form 'x,kernel->y'"
        raise call.unsupported(message)
    rank = len(call.shapes[0]) + 1
    more = max(rank - len(factors[0].replace("...", "")), 0) if "..." in factors[0] else 0
    if more > len(LETTERS):
        message = f"a tensor of {rank} axes has too many of them"
        raise call.unsupported(message)
    x, k, y = (list(part.replace("...", LETTERS[:more])) for part in (*factors, right))
    for labels, count in ((x, rank), (k, kernel_rank)):
        if len(labels) != count or len(set(labels)) != count:
            message = f"the equation {equation!r:.60} does not name {count} different axes"
            raise InputFileError(message, where=call.place)
    return x, k, y


def last_axis_equation(rank: int, kernel_rank: int, summed: Sequence[int]) -> str:
    """Return the equation of a product over the last axes of x and some of the kernel.

    >>> last_axis_equation(3, 2, [0])
    'abc,cB->abB'
    """
    x = "abcdefghijklmnopqrstuvwxyz"[:rank]
    shared = dict(zip(summed, x[rank - len(summed) :], strict=True))
    k = "".join(shared.get(axis, LETTERS[axis]) for axis in range(kernel_rank))
    free = "".join(label for label in k if label not in x)
    return f"{x},{k}->{x[: rank - len(summed)]}{free}"
