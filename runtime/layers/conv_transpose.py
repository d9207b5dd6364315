"""Transposed convolution in one to three dimensions: every cell spreads over a window."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.attributes import require_moderate
from caloexport.runtime.layers import Multiplying, Rounding, layers, misfit, rounded_rows
from caloexport.runtime.windows import Windows, windows_of

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class ConvTranspose(Multiplying):
    """Cell i adds x[i]·kernel[tap]ᵀ to the cell i·stride + tap·dilation of y, plus bias.

    x is (*spatial, channels), the kernel (*sizes, n_out, channels). Of the full output, with
    (cells - 1)·stride + extent cells along each axis, ``crop`` takes [before, after] away; where
    it is negative it adds zeros, to which only the bias comes.
    """

    weights = {"kernel": None, "bias": 1}
    attributes = ("strides", "dilation", "crop")

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        windows = windows_of(node, shapes[0], "crop", -(2**20))
        *_, n_out, n_in = node.weights["kernel"].shape
        if shapes[0][-1] != n_in:
            raise misfit(node, f"{n_in} channels", shapes[0])
        if node.weights["bias"].shape != (n_out,):
            raise misfit(node, f"a bias of {n_out}", node.weights["bias"].shape)
        full = _full(windows, shapes[0])
        require_moderate(node, [*full, n_out])
        spatial = [n - a - b for n, (a, b) in zip(full, windows.margins, strict=True)]
        if min(spatial) < 1:
            raise misfit(node, f"a crop that leaves cells of {full}", node.attributes["crop"])
        return (*spatial, n_out)

    def evaluate(self, node: Node, inputs: list[Array], rounding: Rounding | None = None) -> Array:
        x = rounded_rows(inputs[0], rounding)
        windows = windows_of(node, x.shape[1:], "crop", -(2**20))
        full, kernel = _full(windows, x.shape[1:]), node.weights["kernel"]
        y: Array = np.zeros((len(x), *full, kernel.shape[-2]), dtype=x.dtype)
        for tap, corner in windows.taps():
            cells = tuple(
                slice(c, c + (n - 1) * stride + 1, stride)
                for c, n, stride in zip(corner, x.shape[1:-1], windows.strides, strict=True)
            )
            # (n, *spatial, n_in) @ (n_in, n_out)
            y[:, *cells] += x @ kernel[tap].T
        kept = tuple(
            slice(max(a, 0), n - max(b, 0)) for n, (a, b) in zip(full, windows.margins, strict=True)
        )
        added = [(max(-a, 0), max(-b, 0)) for a, b in windows.margins]
        return np.pad(y[:, *kept], [(0, 0), *added, (0, 0)]) + node.weights["bias"]

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        cells = math.prod(shapes[0][:-1])
        outputs = math.prod(self.shape(node, shapes))
        return cells * 2 * node.weights["kernel"].size + outputs


def _full(windows: Windows, shape: Shape) -> tuple[int, ...]:
    return tuple(
        (n - 1) * stride + extent
        for n, stride, extent in zip(shape, windows.strides, windows.extents, strict=False)
    )


layers.register("conv_transpose")(ConvTranspose())
