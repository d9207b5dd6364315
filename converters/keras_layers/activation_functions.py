"""Activation functions as Keras configurations spell them: a name, or a layer as an object."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from caloexport.converters.keras_layers import Graph, LayerCall, Step, keras_layers
from caloexport.runtime.errors import InputFileError

#: Keras name -> our function and its constants; source: keras/activations. Without sparsemax,
#: whose threshold Keras (3.15) takes from sums of cumulative sums, so that [0, 1.5, 1] gives zeros
FUNCTIONS: dict[str, tuple[str, dict[str, float]]] = {
    "relu": ("relu", {}),
    "relu6": ("relu", {"max_value": 6.0}),
    "leaky_relu": ("leaky_relu", {"negative_slope": 0.2}),  # the layer LeakyReLU has 0.3
    "elu": ("elu", {"alpha": 1.0}),
    "celu": ("celu", {"alpha": 1.0}),
    "selu": ("selu", {}),
    "gelu": ("gelu", {"approximate": 0.0}),
    "sigmoid": ("sigmoid", {}),
    "log_sigmoid": ("log_sigmoid", {}),
    "sparse_sigmoid": ("hard_sigmoid", {"slope": 0.5}),
    "tanh": ("tanh", {}),
    "hard_tanh": ("clip", {"minimum": -1.0, "maximum": 1.0}),
    "tanh_shrink": ("tanh_shrink", {}),
    "hard_shrink": ("hard_shrink", {"threshold": 0.5}),
    "soft_shrink": ("soft_shrink", {"threshold": 0.5}),
    "hard_silu": ("hard_swish", {}),
    "hard_swish": ("hard_swish", {}),
    "mish": ("mish", {}),
    "softplus": ("softplus", {}),
    "sparse_plus": ("sparse_plus", {}),
    "squareplus": ("squareplus", {"b": 4.0}),
    "softsign": ("softsign", {}),
    "exponential": ("exponential", {}),
    "softmax": ("softmax", {}),
    "log_softmax": ("log_softmax", {}),
}
LINEAR = ("linear", None)
SWISH = ("swish", "silu")  # Keras 3 writes silu for both

#: slope of hard_sigmoid by major version; source: keras/activations of 2.15 and of 3.0
HARD_SIGMOID_SLOPES = {2: 0.2, 3: 1 / 6}

#: layer classes that may stand in for an activation function
LAYERS_AS_FUNCTIONS = ("ReLU", "LeakyReLU", "ELU", "ThresholdedReLU", "Softmax", "Activation")


def activation_steps(function: Any, call: LayerCall) -> list[Step]:
    """Return the steps (none or one) of a layer's ``activation`` entry.

    Args:
        function: None, a name, or the object that Keras writes for a layer.
        call: the layer that it belongs to.

    Raises:
        UnsupportedError: a function that is custom or that networks do not have.
        InputFileError: hard_sigmoid in a file that does not say which Keras wrote it.
    """
    if function in LINEAR:
        return []
    if isinstance(function, dict):
        return _steps_of_object(function, call)
    if function in SWISH:
        return [Step("activation", {"function": "swish"}, {"beta": np.ones(1, np.float32)})]
    if function == "hard_sigmoid":
        return [_hard_sigmoid(call)]
    if function == "glu":
        message = "its activation is glu, which halves the number of values"
        raise call.unsupported(message, "make the activation a layer of its own")
    if function not in FUNCTIONS:
        known = sorted({*FUNCTIONS, *SWISH, "hard_sigmoid", "linear"})
        message = f"activation {function!r:.60} is not supported"
        raise call.unsupported(message, f"supported: {', '.join(known)}")
    name, constants = FUNCTIONS[function]
    return [Step("activation", {"function": name, **constants})]


def _hard_sigmoid(call: LayerCall) -> Step:
    if call.keras_major not in HARD_SIGMOID_SLOPES:
        message = (
            "hard_sigmoid has slope 0.2 in Keras 2 and 1/6 in Keras 3, and the file does not "
            "say which version wrote it"
        )
        raise InputFileError(message, where=call.place, hint="save the model again")
    slope = HARD_SIGMOID_SLOPES[call.keras_major]
    return Step("activation", {"function": "hard_sigmoid", "slope": slope})


def _steps_of_object(function: dict[str, Any], call: LayerCall) -> list[Step]:
    class_name, config = function.get("class_name"), function.get("config")
    own = str(function.get("module", "keras")).startswith(("keras", "tf_keras"))
    if own and class_name in LAYERS_AS_FUNCTIONS and isinstance(config, dict):
        steps = keras_layers[class_name](replace(call, class_name=class_name, config=config))
        if not isinstance(steps, Graph):
            return list(steps)
    if own and class_name == "function" and isinstance(config, str):
        return activation_steps(config, call)
    if own and class_name in keras_layers:
        message = f"its activation is a layer of class {class_name}, whose weights are not read"
        raise call.unsupported(message, "make the activation a layer of its own")
    what = f"the function {config!r:.60}" if isinstance(config, str) else class_name or "a lambda"
    message = f"its activation is {what}, code of your own that is not in the file"
    raise call.unsupported(message, "train with one of Keras' own activations, given by its name")
