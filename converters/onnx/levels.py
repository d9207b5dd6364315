"""The whole numbers and scales of a kernel that was rounded to 8 bits."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.precisions.int8 import LEVELS, scales


def levels_of(values: Float32) -> tuple[Array, Float32, int] | None:
    """Return levels (int8), scales ready to broadcast, and the axis that has one scale each.

    None for what was not rounded (vectors). A writer may have turned the kernel, so the axis of the
    outputs is found from the values.
    """
    for axis in reversed(range(values.ndim if values.ndim > 1 else 0)):
        scale = scales(values, axis)
        levels: Array = values / scale
        if (levels == np.rint(levels)).all() and np.abs(levels).max() <= LEVELS:
            return levels.astype("<i1"), scale, axis
    return None
