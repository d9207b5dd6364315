"""Where the windows of a convolution lie on a static grid, and their cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from caloexport.runtime.attributes import pairs, require_moderate, wholes
from caloexport.runtime.layers import misfit

if TYPE_CHECKING:
    from caloexport.runtime.network import Node, Shape


@dataclass(frozen=True)
class Windows:
    """Kernel sizes, strides, dilation and margins, one for each spatial axis.

    Attributes:
        sizes: of the kernel.
        strides: steps from one window to the next.
        dilation: steps from one tap of the kernel to the next.
        margins: (before, after): padding of a convolution, crop of a transposed one.
    """

    sizes: tuple[int, ...]
    strides: tuple[int, ...]
    dilation: tuple[int, ...]
    margins: tuple[tuple[int, int], ...]

    @property
    def extents(self) -> tuple[int, ...]:
        """Cells that a dilated kernel spans along each axis."""
        return tuple((k - 1) * d + 1 for k, d in zip(self.sizes, self.dilation, strict=True))

    def taps(self) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
        """Yield the index in the kernel of every tap and its distance from the window's corner."""
        for tap in product(*(range(size) for size in self.sizes)):
            yield tap, tuple(t * d for t, d in zip(tap, self.dilation, strict=True))


def windows_of(node: Node, shape: Shape, margins: str, low: int) -> Windows:
    """Return the windows of a node with a kernel (*spatial, in, out) that reads a shape.

    Args:
        node: with the attributes ``strides``, ``dilation`` and ``margins``.
        shape: (*spatial, channels).
        margins: name of the attribute that holds the margins.
        low: the smallest margin allowed.

    Raises:
        InputFileError: an attribute is missing or does not fit.
    """
    axes = len(shape) - 1
    kernel = node.weights["kernel"]
    if not 1 <= axes <= 3 or kernel.ndim != axes + 2 or 0 in kernel.shape:
        raise misfit(node, f"a kernel of {axes + 2} axes for 1 to 3 spatial ones", kernel.shape)
    windows = Windows(
        tuple(kernel.shape[:-2]),
        tuple(wholes(node, "strides", axes, 1)),
        tuple(wholes(node, "dilation", axes, 1)),
        tuple(pairs(node, margins, axes, low)),
    )
    require_moderate(
        node, [n + abs(a) + abs(b) for n, (a, b) in zip(shape, windows.margins, strict=False)]
    )
    return windows
