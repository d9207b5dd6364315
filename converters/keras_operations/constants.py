"""Constants in the calls of operations."""

from __future__ import annotations

from typing import Any

import numpy as np

from caloexport.converters.keras_layers import LayerCall
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError


def is_constant(value: Any) -> bool:
    """Say whether an argument is a number or an array."""
    if isinstance(value, (bool, np.ndarray)):
        return isinstance(value, np.ndarray)
    if isinstance(value, (list, tuple)):
        return bool(value) and all(is_constant(entry) for entry in value)
    return isinstance(value, (int, float))


def constant(call: LayerCall, value: Any) -> Array:
    """Return a constant as it meets one shower, without the batch axis.

    Raises:
        UnsupportedError: it has a value for each shower of the batch.
        InputFileError: not a regular array.
    """
    try:
        array = np.asarray(value, dtype=np.float64)
    except ValueError:
        message = f"the constant {value!r:.40} is no regular array"
        raise InputFileError(message, where=call.place) from None
    if not np.isfinite(array).all():
        message = "it is called with a constant that is not finite"
        raise call.unsupported(message)
    rank = len(call.shapes[0])
    if array.ndim == rank + 1 and array.shape[0] == 1:
        return array[0]
    if array.ndim > rank:
        message = f"its constant of shape {array.shape} has values for each shower of a batch"
        raise call.unsupported(message, f"expected the shape of one shower, {call.shapes[0]}")
    return array
