"""How configurations spell activation functions, without a file around them."""

from __future__ import annotations

from typing import Any

import pytest

from caloexport.converters.keras_layers import LayerCall
from caloexport.converters.keras_layers.activation_functions import activation_steps
from caloexport.runtime.errors import InputFileError, UnsupportedError


def call(keras_major: int | None = 3) -> LayerCall:
    return LayerCall("act", "Dense", {}, ((4,),), None, keras_major, "place")  # type: ignore[arg-type]


def function(module: str, config: Any, class_name: str = "function") -> dict[str, Any]:
    return {"module": module, "class_name": class_name, "config": config, "registered_name": None}


@pytest.mark.parametrize(
    ("given", "attributes"),
    [
        ("mish", {"function": "mish"}),
        ("hard_tanh", {"function": "clip", "minimum": -1.0, "maximum": 1.0}),
        ("sparse_sigmoid", {"function": "hard_sigmoid", "slope": 0.5}),
        ("hard_sigmoid", {"function": "hard_sigmoid", "slope": 1 / 6}),
        (function("keras.activations", "log_softmax"), {"function": "log_softmax"}),
        (function("keras.src.activations.activations", "silu"), {"function": "swish"}),
        (
            function("keras.layers", {"theta": 2.0}, "ThresholdedReLU"),
            {"function": "threshold", "threshold": 2.0, "value": 0.0},
        ),
    ],
    ids=str,
)
def test_names_and_objects(given: Any, attributes: dict[str, Any]) -> None:
    (step,) = activation_steps(given, call())
    assert step.kind == "activation" and dict(step.attributes) == attributes


@pytest.mark.parametrize("given", [None, "linear", function("keras.activations", "linear")])
def test_the_identity_is_no_step(given: Any) -> None:
    assert activation_steps(given, call()) == []


@pytest.mark.parametrize("given", [function("builtins", "relu"), function("my_code", "relu")])
def test_a_function_of_that_name_from_elsewhere_is_not_trusted(given: Any) -> None:
    with pytest.raises(UnsupportedError, match="the function 'relu', code of your own"):
        activation_steps(given, call())


def test_hard_sigmoid_of_an_unknown_version() -> None:
    with pytest.raises(InputFileError, match=r"0\.2 in Keras 2 and 1/6 in Keras 3"):
        activation_steps("hard_sigmoid", call(None))
