"""Swish with a trained β (arXiv:1710.05941): a custom class, as Keras has none with a weight.

Whatever package it is registered in and whatever its weight is called, a class named ``Swish``
computes x·σ(βx). The trained β is the weight in the file; the configuration often holds only the
value that training began with.
"""

from __future__ import annotations

import numpy as np

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.runtime.errors import InputFileError


@handles("custom.Swish")
def swish(call: LayerCall) -> list[Step]:
    """Return x·σ(βx) with one β for the layer or one per unit."""
    stored = call.weights.read_all()
    if len(stored) > 1:
        message = f"it holds {len(stored)} weights, expected one: β"
        raise InputFileError(message, where=call.place)
    beta = stored[0] if stored else _configured(call)
    if beta.size not in (1, call.units):
        message = f"β has {beta.size} values, expected 1 or {call.units}"
        raise InputFileError(message, where=call.place)
    return [Step("activation", {"function": "swish"}, {"beta": beta.reshape(-1)})]


def _configured(call: LayerCall) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    if not isinstance(call.config.get("beta"), (int, float)):
        message = "the file holds neither a weight β nor a number 'beta' in the configuration"
        raise InputFileError(message, where=call.place, hint="make β a weight of the layer")
    return np.full(1, call.config["beta"], dtype=np.float32)
