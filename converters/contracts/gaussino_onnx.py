"""Gaussino's model server for ONNX, which has no shower contract of its own.

Source: GaussinoML/GaussinoONNX, ModelServerSvc: inputs by position, wrapped with the model's own
shape where an open axis becomes 1, dtypes that must match exactly, one output as a vector.
"""

from __future__ import annotations

from caloexport.converters.contracts import Cells, Contract, Form, contracts
from caloexport.converters.fitting.publish import published_inputs, published_output

contracts.register("gaussino-onnx")(
    Contract(
        summary="Gaussino ModelServerSvc: inputs by position, a batch axis, one output",
        versions="Gaussino of 2024; ONNX Runtime 1.7 or later",
        forms={"onnx": Form(None, Cells(kind=None), dtypes=("float32", "float64"))},
        advice=(published_inputs, published_output),
        notes=(
            (
                "pass every input as std::vector<float>: a plain float becomes a tensor without a "
                "batch axis"
            ),
        ),
    )
)
