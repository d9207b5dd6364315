"""HardSigmoid: max(0, min(1, alpha·x + beta))."""

from __future__ import annotations

import numpy as np

from caloexport.converters.onnx.broadcasting import affine
from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import Operand


@operator("HardSigmoid")
def hard_sigmoid(call: Call) -> list[Operand]:
    """The piecewise linear sigmoid, shifted where beta is not 1/2."""
    alpha, beta, value = call.real("alpha", 0.2), call.real("beta", 0.5), call.value()
    if beta != 0.5:
        if alpha == 0:
            raise call.unsupported("its slope is 0, so it does not depend on the input")
        value = affine(call, value, np.ones(()), np.array((beta - 0.5) / alpha), "shifted")
    return [call.activate("hard_sigmoid", value, slope=alpha)]
