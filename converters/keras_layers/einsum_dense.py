"""EinsumDense: a dense layer on any axes."""

from __future__ import annotations

import math

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.converters.keras_layers.activation_functions import activation_steps
from caloexport.converters.keras_layers.affine import affine
from caloexport.converters.keras_layers.contraction import contracted, parsed
from caloexport.runtime.errors import InputFileError


@handles("EinsumDense")
def einsum_dense(call: LayerCall) -> list[Step]:
    """Return the product, the bias on its axes, then the activation."""
    if call.config.get("quantization_config") is not None:
        message = "its kernel is quantised, which networks do not hold"
        raise call.unsupported(message, "save the model before quantising it")
    equation, bias_axes = str(call.config["equation"]), call.config.get("bias_axes")
    stored = call.weights.read(["kernel", "bias"] if bias_axes else ["kernel"])
    kernel = stored["kernel"]
    steps = contracted(call, equation, kernel)
    if bias_axes:
        x, k, y = parsed(call, equation, kernel.ndim)
        sizes = dict(zip((*x, *k), (0, *call.shapes[0], *kernel.shape), strict=True))
        own = [sizes[label] if label in bias_axes else 1 for label in y[1:]]
        if stored["bias"].size != math.prod(own):
            message = f"bias has shape {stored['bias'].shape}, expected {tuple(own)}"
            raise InputFileError(message, where=call.place, hint="the file is damaged")
        shape = tuple(sizes[label] for label in y[1:])
        steps += affine(call, 1.0, stored["bias"].reshape(own), shape)
    return [*steps, *activation_steps(call.config.get("activation"), call)]
