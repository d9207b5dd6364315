"""Kernels as 8-bit whole numbers with one scale per output: a quarter of the file."""

from __future__ import annotations

import numpy as np

from caloexport.converters.precisions import Precision, precisions
from caloexport.converters.quantisation.error_feedback import RoundRow
from caloexport.runtime.arrays import Array
from caloexport.runtime.precisions.int8 import LEVELS, scales


class Int8Precision(Precision):
    """q·scale with q from -127 to 127; the scale is that of the last axis' entry."""

    summary = "8-bit kernels with a scale per output, a quarter of the file"
    cell = 0.1
    total = 0.03

    def rounded(self, kernel: Array, layer: str) -> Array:
        scale = scales(kernel, axis=kernel.ndim - 1)
        # no negative zeros, which whole numbers do not have: what is read back has the same hash
        levels = kernel / scale
        np.rint(levels, out=levels)
        levels *= scale
        levels += 0.0
        return levels.astype(np.float32, copy=False)

    def row_by_row(self, matrix: Array) -> RoundRow:
        scale = scales(matrix, axis=1)[0].astype(np.float64)
        largest = np.abs(matrix).argmax(axis=0)
        ends = LEVELS * np.sign(np.take_along_axis(matrix, largest[None], axis=0)[0])

        def round_row(k: int, row: Array, columns: slice) -> Array:
            levels = np.clip(np.rint(row / scale[columns]), -LEVELS, LEVELS)
            # the largest weight of an output stays at the last level: from it the scale is known
            levels = np.where(largest[columns] == k, ends[columns], levels)
            return np.asarray(levels * scale[columns] + 0.0)

        return round_row


precisions.register("int8")(Int8Precision())
