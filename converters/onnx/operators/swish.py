"""Swish (opset 24)."""

from __future__ import annotations

import numpy as np

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import Operand


@operator("Swish")
def swish(call: Call) -> list[Operand]:
    """x·σ(alpha·x)."""
    beta = {"beta": np.array([call.real("alpha", 1.0)])}
    return [call.add("activation", [call.value()], "", beta, function="swish")]
