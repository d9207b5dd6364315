"""Neg."""

from __future__ import annotations

import numpy as np

from caloexport.converters.onnx.broadcasting import affine
from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import Operand


@operator("Neg", fold=lambda call, operands: np.asarray(-operands[0]))
def negate(call: Call) -> list[Operand]:
    """A normalization with the scale -1."""
    return [affine(call, call.value(), np.array(-1.0), np.zeros(()))]
