"""Dense: kernel, bias and a fused activation, which becomes a step of its own."""

from __future__ import annotations

import numpy as np

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.converters.keras_layers.activation_functions import activation_steps
from caloexport.runtime.errors import InputFileError


@handles("Dense")
def dense(call: LayerCall) -> list[Step]:
    """Return x·kernel + bias (zeros where Keras has none), then the activation."""
    if call.config.get("quantization_config") is not None:
        message = "its kernel is quantised, which networks do not hold"
        raise call.unsupported(message, "save the model before quantising it")
    names = ["kernel", "bias"] if call.config.get("use_bias", True) else ["kernel"]
    weights = call.weights.read(names)
    expected = (call.units, call.config["units"])
    if weights["kernel"].shape != expected:
        message = f"kernel has shape {weights['kernel'].shape}, the configuration says {expected}"
        raise InputFileError(message, where=call.place, hint="the file is damaged")
    weights.setdefault("bias", np.zeros(expected[1], dtype=np.float32))
    return [Step("dense", {}, weights), *activation_steps(call.config.get("activation"), call)]
