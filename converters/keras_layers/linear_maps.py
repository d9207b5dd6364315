"""Linear maps along one axis, as a dense layer on that axis."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from caloexport.converters.keras_layers import LayerCall, Step
from caloexport.converters.keras_layers.rearranging import along_axis
from caloexport.runtime.arrays import Array

LARGEST = 2**22


def along(
    call: LayerCall, axis: int, length: int, matrix: Callable[[int, int], Array]
) -> list[Step]:
    """Return the map of an axis of the first input to ``length`` values.

    Args:
        call: of the layer.
        axis, length: of the input, from 0 without the batch axis; how long it becomes.
        matrix: makes the weights (n, length) from the two numbers.

    Raises:
        UnsupportedError: the matrix would be too large.
    """
    n = call.shapes[0][axis]
    if n * length > LARGEST:
        message = f"as a matrix it would have {n}·{length} weights along axis {axis + 1}"
        raise call.unsupported(message, f"at most {LARGEST} are allowed")
    weights = {
        "kernel": matrix(n, length).astype(np.float32),
        "bias": np.zeros(length, dtype=np.float32),
    }
    return along_axis([Step("dense", {}, weights)], len(call.shapes[0]), axis)
