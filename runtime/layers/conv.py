"""Convolution in one to three dimensions: every window of cells times one kernel."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

import numpy as np

from caloexport.runtime.attributes import whole
from caloexport.runtime.layers import Multiplying, Rounding, layers, misfit
from caloexport.runtime.windows import Windows, windows_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node, Shape


class Conv(Multiplying):
    """y = Σ over taps of x·kernel[tap] + bias (a correlation, as in every framework).

    x is (*spatial, channels), the kernel (*sizes, channels/groups, n_out). Zeros stand around x,
    as many as ``padding`` says: [before, after] for each spatial axis. ``groups`` splits input and
    output channels into so many independent convolutions.
    """

    weights = {"kernel": None, "bias": 1}
    attributes = ("strides", "dilation", "padding", "groups")

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        windows = windows_of(node, shapes[0], "padding", 0)
        *_, n_in, n_out = node.weights["kernel"].shape
        groups = whole(node, "groups", 1)
        if shapes[0][-1] != n_in * groups or n_out % groups:
            raise misfit(node, f"{n_in} channels in each of {groups} groups", shapes[0])
        if node.weights["bias"].shape != (n_out,):
            raise misfit(node, f"a bias of {n_out}", node.weights["bias"].shape)
        spatial = []
        for n, (a, b), extent, stride in zip(
            shapes[0], windows.margins, windows.extents, windows.strides, strict=False
        ):
            if n + a + b < extent:
                raise misfit(node, f"at least {extent} cells along each axis", shapes[0])
            spatial.append((n + a + b - extent) // stride + 1)
        return (*spatial, n_out)

    def evaluate(self, node: Node, inputs: list[Array], rounding: Rounding | None = None) -> Array:
        windows = windows_of(node, inputs[0].shape[1:], "padding", 0)
        x = np.pad(inputs[0], [(0, 0), *windows.margins, (0, 0)])
        spatial = self.shape(node, [inputs[0].shape[1:]])[:-1]
        kernel, groups = node.weights["kernel"], node.attributes["groups"]
        y: Array = np.zeros((*inputs[0].shape[:1], *spatial, kernel.shape[-1]), dtype=x.dtype)
        taps = [(tap, _cells(corner, spatial, windows)) for tap, corner in windows.taps()]
        seen: Rounding = rounding or (lambda cells, _: cells)
        largest = _largest(x, [cells for _, cells in taps]) if rounding else x
        for tap, cells in taps:
            # (n, *spatial, n_in) @ (n_in, n_out), group by group
            parts = zip(
                np.split(seen(x[:, *cells], largest), groups, axis=-1),
                np.split(kernel[tap], groups, axis=-1),
                strict=True,
            )
            y += np.concatenate([part @ weights for part, weights in parts], axis=-1)
        return y + node.weights["bias"]

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        cells = math.prod(self.shape(node, shapes)[:-1])
        return cells * (2 * node.weights["kernel"].size + node.weights["bias"].size)


def _cells(corner: Iterable[int], spatial: Shape, windows: Windows) -> tuple[slice, ...]:
    """Return where one tap of every window lies."""
    return tuple(
        slice(c, c + (n - 1) * stride + 1, stride)
        for c, n, stride in zip(corner, spatial, windows.strides, strict=True)
    )


def _largest(x: Array, taps: list[tuple[slice, ...]]) -> Array:
    """Return the magnitude of the largest value of every window, (n, *spatial, 1)."""
    sizes = (np.abs(x[:, *cells]).max(axis=-1, keepdims=True) for cells in taps)
    return np.asarray(functools.reduce(np.maximum, sizes))


layers.register("conv")(Conv())
