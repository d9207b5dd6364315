"""Precisions: how an artifact stores its large kernels and computes with them, one file each.

A precision is part of what a file means, never chosen when loading: where it rounds the inputs of
a product, the reference rounds them, too, and so every backend is compared with the arithmetic
that the file declares.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.registry import Registry

#: weights of a kernel from which it is stored in the precision of the file; smaller ones cost no
#: time worth their digits, and stay float32
SMALLEST_ROUNDED = 16384


class Precision:
    """How large kernels are stored, and how products with them are computed.

    Attributes:
        together: neighbouring inputs of one output that share a word of 32 bits.
        dtype: of the stored numbers.
        zero: the stored number that means zero.
        scaled: whether a scale for each output stands beside the kernel.
        rounds_inputs: whether products round their inputs.
        tolerance: row of the tolerance table between a backend and the reference.
    """

    together: ClassVar[int] = 1
    dtype: ClassVar[type[np.generic]] = np.float32
    zero: ClassVar[int] = 0
    scaled: ClassVar[bool] = False
    rounds_inputs: ClassVar[bool] = False
    tolerance: ClassVar[str] = "float32"

    @property
    def reduces(self) -> bool:
        """Whether kernels are stored in less than 32 bits."""
        return self.together > 1

    def scale(self, matrix: Array) -> Float32 | None:
        """Return the scales (n_out,) of a kernel (n_in, n_out), None where there are none."""
        return None

    def encode(self, matrix: Array, scale: Float32 | None) -> Array:
        """Return a kernel that was rounded to the precision as the numbers to store.

        Raises:
            UsageError: it was not rounded.
        """
        return matrix.astype(np.float32, copy=False)

    def decode(self, stored: Array, scale: Float32 | None) -> Float32:
        """Return the kernel (n_in, n_out) of stored numbers, exactly."""
        return stored.astype(np.float32, copy=False)

    def rounded_inputs(self, x: Array, largest: Array) -> Array:
        """Return the inputs of a product as it sees them, in the dtype of x.

        Args:
            x: (..., n_in).
            largest: (..., 1) magnitude of the largest input of each row of the product.
        """
        return x


precisions: Registry[Precision] = Registry(
    "precision of our artifacts", "caloexport.runtime.precisions", "caloexport.precisions_of_ours"
)
