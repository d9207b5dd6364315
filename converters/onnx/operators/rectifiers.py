"""Rectifiers with parameters: LeakyRelu, ThresholdedRelu, Elu, Selu, Celu."""

from __future__ import annotations

import numpy as np

from caloexport.converters.onnx.broadcasting import affine
from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import Operand
from caloexport.runtime.activations.selu import ALPHA, SCALE

ROUNDING = 1e-6  # the attributes are float32, and older opsets had defaults of seven digits


@operator("LeakyRelu")
def leaky_relu(call: Call) -> list[Operand]:
    """The leaky rectifier; without the attribute, the slope is 0.01."""
    return [call.activate("leaky_relu", call.value(), negative_slope=call.real("alpha", 0.01))]


@operator("ThresholdedRelu")
def thresholded_relu(call: Call) -> list[Operand]:
    """x above the threshold, else 0: at the threshold itself, too."""
    threshold = np.nextafter(np.float32(call.real("alpha", 1.0)), np.float32(np.inf))
    return [call.activate("relu", call.value(), threshold=float(threshold))]


@operator("Elu")
def elu(call: Call) -> list[Operand]:
    """The exponential rectifier."""
    return [call.activate("elu", call.value(), alpha=call.real("alpha", 1.0))]


@operator("Celu")
def celu(call: Call) -> list[Operand]:
    """The continuously differentiable rectifier."""
    return [call.activate("celu", call.value(), alpha=call.real("alpha", 1.0))]


@operator("Selu")
def selu(call: Call) -> list[Operand]:
    """The scaled rectifier; with other constants than those of the paper, a scaled Elu."""
    alpha, gamma = call.real("alpha", ALPHA), call.real("gamma", SCALE)
    if abs(alpha - ALPHA) < ROUNDING and abs(gamma - SCALE) < ROUNDING:
        return [call.activate("selu", call.value())]
    inner = call.activate("elu", call.value(), "elu", alpha=alpha)
    return [affine(call, inner, np.array(gamma), np.zeros(()))]
