"""Embedding: each whole number replaced by its row of a table."""

from __future__ import annotations

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.converters.keras_layers.rearranging import reshaped
from caloexport.runtime.errors import InputFileError


@handles("Embedding")
def embedding(call: LayerCall) -> list[Step]:
    """Return the rows along a new last axis."""
    if call.config.get("mask_zero", False):
        message = "it hides the steps whose value is 0 (mask_zero=True)"
        raise call.unsupported(message, "build it without")
    if call.config.get("quantization_config") is not None:
        message = "its table is quantised, which networks do not hold"
        raise call.unsupported(message, "save the model before quantising it")
    table = call.weights.read(["embeddings"])["embeddings"]
    expected = (call.config["input_dim"], call.config["output_dim"])
    if table.shape != expected:
        message = f"its table has the shape {table.shape}, the configuration says {expected}"
        raise InputFileError(message, where=call.place, hint="the file is damaged")
    shape = call.shapes[0] or (1,)
    return [*reshaped((), [*shape, 1]), Step("embedding", {"column": 0}, {"table": table})]
