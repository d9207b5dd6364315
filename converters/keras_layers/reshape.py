"""Reshape and Flatten."""

from __future__ import annotations

import math

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.runtime.errors import InputFileError


@handles("Reshape")
def reshape(call: LayerCall) -> list[Step]:
    """Return the target shape with its -1 replaced."""
    target = [int(n) for n in call.config["target_shape"]]
    size = math.prod(call.shapes[0])
    if target.count(-1) == 1:
        rest = -math.prod(target)
        if rest > 0 and size % rest == 0:
            target[target.index(-1)] = size // rest
    if math.prod(target) != size or min(target, default=1) < 0:
        message = f"cannot reshape {call.shapes[0]} to {tuple(call.config['target_shape'])}"
        raise InputFileError(message, where=call.place)
    return [Step("reshape", {"shape": target})]


@handles("Flatten")
def flatten(call: LayerCall) -> list[Step]:
    """Return all values along one axis."""
    if call.config.get("data_format") == "channels_first" and len(call.shapes[0]) > 1:
        raise call.unsupported("it flattens in the order 'channels_first'")
    return [Step("reshape", {"shape": [math.prod(call.shapes[0])]})]
