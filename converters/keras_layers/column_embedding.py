"""An embedding of one variable among others, see ``keras_files.keras_1``."""

from __future__ import annotations

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.runtime.errors import InputFileError


@handles("ColumnEmbedding")
def column_embedding(call: LayerCall) -> list[Step]:
    """Return the table that replaces the variable number ``column``."""
    table = call.weights.read(["embeddings"])["embeddings"]
    expected = (call.config["input_dim"], call.config["output_dim"])
    if table.shape != expected:
        message = f"W has shape {table.shape}, the configuration says {expected}"
        raise InputFileError(message, where=call.place, hint="the file is damaged")
    return [Step("embedding", {"column": call.config["column"]}, {"table": table})]
