"""Functions of ``keras.ops`` and ``keras.activations`` that are called on tensors."""

from __future__ import annotations

from typing import Any

from caloexport.converters.keras_layers import LayerCall, Step, handles
from caloexport.converters.keras_layers.activation_functions import activation_steps

#: class -> name among the activations of Keras, without constants
NAMED = {
    "Relu": "relu",
    "Relu6": "relu6",
    "Selu": "selu",
    "Sigmoid": "sigmoid",
    "LogSigmoid": "log_sigmoid",
    "SparseSigmoid": "sparse_sigmoid",
    "HardSigmoid": "hard_sigmoid",
    "Tanh": "tanh",
    "HardTanh": "hard_tanh",
    "TanhShrink": "tanh_shrink",
    "Silu": "silu",
    "HardSilu": "hard_silu",
    "Softplus": "softplus",
    "SparsePlus": "sparse_plus",
    "Softsign": "softsign",
    "Exp": "exponential",
}
#: class -> our function, and our constants by Keras' names
CALLED: dict[str, tuple[str, dict[str, str]]] = {
    "LeakyRelu": ("leaky_relu", {"negative_slope": "negative_slope"}),
    "Elu": ("elu", {"alpha": "alpha"}),
    "Celu": ("celu", {"alpha": "alpha"}),
    "Gelu": ("gelu", {"approximate": "approximate"}),
    "HardShrink": ("hard_shrink", {"threshold": "threshold"}),
    "SoftShrink": ("soft_shrink", {"threshold": "threshold"}),
    "Squareplus": ("squareplus", {"b": "b"}),
    "Threshold": ("threshold", {"threshold": "threshold", "default_value": "value"}),
    "Clip": ("clip", {"x_min": "minimum", "x_max": "maximum"}),
    "Absolute": ("abs", {}),
    "Abs": ("abs", {}),
    "Cos": ("cos", {}),
    "Erf": ("erf", {}),
    "Log": ("log", {}),
    "Reciprocal": ("reciprocal", {}),
    "Rsqrt": ("rsqrt", {}),
    "Sin": ("sin", {}),
    "Sqrt": ("sqrt", {}),
    "Square": ("square", {}),
}


@handles(*(f"ops.{name}" for name in NAMED))
def named(call: LayerCall) -> list[Step]:
    """Return the activation of the same name."""
    return activation_steps(NAMED[call.class_name], call)


@handles(*(f"ops.{name}" for name in CALLED))
def called(call: LayerCall) -> list[Step]:
    """Return the function with the constants that it was called with."""
    function, constants = CALLED[call.class_name]
    numbers = {ours: _number(call, theirs) for theirs, ours in constants.items()}
    return [Step("activation", {"function": function, **numbers})]


def _number(call: LayerCall, name: str) -> float:
    value: Any = call.config.get(name)
    if not isinstance(value, (int, float)):
        message = f"it is called with {name} = {value!r:.40}, expected a number"
        raise call.unsupported(message)
    return float(value)
