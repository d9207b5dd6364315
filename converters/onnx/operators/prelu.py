"""PRelu: a rectifier with a trained slope."""

from __future__ import annotations

from caloexport.converters.onnx.broadcasting import per_unit
from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.values import Operand, Value
from caloexport.runtime.arrays import Array


@operator("PRelu")
def prelu(call: Call) -> list[Operand]:
    """A leaky rectifier where there is one slope, else one slope for each unit."""
    value, slope = call.value(), call.weights(1)
    if slope.size == 1:
        return [call.activate("leaky_relu", value, negative_slope=float(slope.reshape(())))]

    def layer(shaped: Value, weights: list[Array]) -> Value:
        return call.add("activation", [shaped], "", {"alpha": weights[0]}, function="prelu")

    return [per_unit(call, value, [slope], layer)]
