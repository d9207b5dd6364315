"""CMSSW's ONNX Runtime wrapper, which has no shower contract of its own.

Source: cms-sw/cmssw, PhysicsTools/ONNXRuntime: inputs by name, float32 only, the leading axis
overwritten by the batch size, outputs returned flat. The names are published in the notes.
"""

from __future__ import annotations

from caloexport.converters.contracts import Cells, Contract, Form, contracts
from caloexport.converters.fitting.publish import published_inputs, published_output

contracts.register("cmssw-onnx")(
    Contract(
        summary="CMSSW PhysicsTools/ONNXRuntime: float32 inputs by name, a batch axis, one output",
        versions="CMSSW of 2024; ONNX Runtime 1.7 or later",
        forms={"onnx": Form(None, Cells(kind=None))},
        advice=(published_inputs, published_output),
        notes=("CMSSW runs one thread and returns outputs flat",),
    )
)
