"""An activation as LWTNN's JSON spells it, and as our layers do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caloexport.converters.lwtnn import ptree
from caloexport.converters.lwtnn.activations import WITH_ALPHA, WITHOUT_ALPHA
from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import InputFileError, UnsupportedError

HARD_SIGMOID_SLOPE = 0.2
LEGACY = "_legacy"
#: LWTNN's name -> our activation, where they mean the same and have no parameter
PLAIN = {
    "linear": "linear",
    "rectified": "relu",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "softmax": "softmax",
}
#: LWTNN's name -> our activation and its parameter, which is LWTNN's alpha
PARAMETER = {
    "elu": ("elu", "alpha"),
    "leakyrelu": ("leaky_relu", "negative_slope"),
    "swish": ("swish", "beta"),
}


@dataclass(frozen=True)
class Activation:
    """An activation by its JSON name; alpha is None where it has none."""

    name: str
    alpha: float | None = None

    def __call__(self, x: Float64) -> Float64:
        """Return the activation of x (rows, units), to the letter of the C++."""
        if self.alpha is not None and self.name in WITH_ALPHA:
            return WITH_ALPHA[self.name](x, self.alpha)
        return WITHOUT_ALPHA[self.name](x)

    def to_json(self) -> str | dict[str, Any]:
        """Return what the C++ reads: with alpha always an object, as it takes NaN without."""
        return self.name if self.alpha is None else {"function": self.name, "alpha": self.alpha}

    def to_ours(self) -> dict[str, Any]:
        """Return function and constants as our layers have them.

        The clamp of the sigmoid beyond ±30 is left out: it changes less than 1e-13.
        """
        name = self.name.removesuffix(LEGACY)
        if name == "hard_sigmoid":
            return {"function": "hard_sigmoid", "slope": HARD_SIGMOID_SLOPE}
        if name == "abs":  # x above 0, -x below
            return {"function": "leaky_relu", "negative_slope": -1.0}
        if name in PLAIN:
            return {"function": PLAIN[name]}
        function, key = PARAMETER[name]
        return {"function": function, key: self.alpha}


def parse_activation(data: Any, key: str, where: str) -> Activation:
    """Read an activation under a key of a layer.

    Raises:
        InputFileError: it is missing, unknown, or leakyrelu or swish without alpha.
    """
    given = ptree.child(data, key, where)
    place = f"{where}.{key}"
    if isinstance(given, dict) and given:
        name = ptree.text(given, "function", place)
        alpha: float | None = ptree.number(given, "alpha", place)
    else:
        name, alpha = ptree.text(data, key, where), None
    if name not in WITHOUT_ALPHA and name not in WITH_ALPHA:
        known = ", ".join(sorted({*WITHOUT_ALPHA, *WITH_ALPHA}))
        message = f"activation function '{name}' not recognized"
        raise InputFileError(message, where=place, hint=f"known: {known}")
    if name == "elu" and alpha is None:
        alpha = 1.0  # old files; the C++ does the same
    if name in WITH_ALPHA and alpha is None:
        message = f"'{name}' without alpha: the C++ reads it as NaN and gives NaN without a word"
        hint = f'write {{"function": "{name}", "alpha": number}}'
        raise InputFileError(message, where=place, hint=hint)
    return Activation(name, alpha)


def from_ours(given: Mapping[str, Any]) -> Activation:
    """Return what LWTNN calls an activation of ours; it must have no :func:`refusal`."""
    function = given["function"]
    if function == "hard_sigmoid":
        return Activation("hard_sigmoid")
    for name, plain in PLAIN.items():
        if plain == function:
            return Activation(name)
    for name, (ours, key) in PARAMETER.items():
        if ours == function:
            return Activation(name, float(given.get(key, 1.0)))
    message = f"LWTNN has no activation '{function}'"
    raise ValueError(message)


def refusal(given: Mapping[str, Any]) -> str | None:
    """Say why LWTNN cannot express an activation of ours; None when it can."""
    function = given["function"]
    if function == "relu":
        slope, threshold = given.get("negative_slope", 0.0), given.get("threshold", 0.0)
        if slope or threshold or given.get("max_value", math.inf) != math.inf:
            options = {key: value for key, value in given.items() if key != "function"}
            return f"LWTNN's rectifier has no slope, maximum or threshold ({options})"
        return None
    if function == "hard_sigmoid":
        if not math.isclose(given["slope"], HARD_SIGMOID_SLOPE):
            return f"LWTNN's hard_sigmoid has the slope 0.2, not {given['slope']:g}"
        return None
    for ours, key in PARAMETER.values():
        if ours == function:
            alpha = given.get(key, 1.0)
            finite = math.isfinite(alpha)
            return None if finite else f"{function} with {key} {alpha}, expected a finite number"
    return None if function in PLAIN.values() else f"LWTNN has no activation '{function}'"


def elementwise(activation: Activation | None, where: str) -> dict[str, Any]:
    """Return an activation inside a layer as ours have it, each value for itself.

    Raises:
        UnsupportedError: softmax, which our layers know by itself only.
    """
    ours = (activation or Activation("linear")).to_ours()
    if ours["function"] == "softmax":
        message = "softmax inside a layer, which our layers cannot express"
        raise UnsupportedError(message, where=where, hint="element-wise activations only")
    return ours
