"""An activation inside a layer (the gates of an LSTM), named with its constants as an object.

``{"function": "leaky_relu", "negative_slope": 0.3}``; parameters that are trained elsewhere are
plain numbers here: ``{"function": "swish", "beta": 1.0}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.runtime.activations import activations
from caloexport.runtime.errors import UnknownName
from caloexport.runtime.layers import misfit

if TYPE_CHECKING:
    from caloexport.runtime.arrays import Array
    from caloexport.runtime.network import Node


def check_inner(node: Node, key: str) -> None:
    """Check the activation that stands in an attribute of a layer.

    Raises:
        InputFileError: it is missing or unknown, or has a parameter that it does not know or that
            is no finite number.
    """
    given = node.attributes.get(key)
    if not isinstance(given, Mapping) or not isinstance(given.get("function"), str):
        raise misfit(node, f"the attribute '{key}' with a function", given)
    name = given["function"]
    if name not in activations:
        near = UnknownName("activation", name, activations.names())
        raise misfit(node, f"a known activation in '{key}'", f"'{name}' ({near.hint})")
    entry = activations[name]
    known = {*entry.constants, *entry.trained}
    for parameter, value in given.items():
        if parameter == "function":
            continue
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if parameter not in known or not number or not np.isfinite(value):
            names = ", ".join(sorted(known)) or "none"
            raise misfit(node, f"numbers as parameters of {name} ({names})", {parameter: value})
    missing = _without_default(name) - set(given)
    if missing or not entry.elementwise:
        what = f"'{min(missing)}' of {name}" if missing else f"an element-wise '{key}'"
        raise misfit(node, what, dict(given))


def apply_inner(given: Mapping[str, Any], x: Array) -> Array:
    """Return the activation of x, in the dtype of x."""
    entry = activations[given["function"]]
    constants = {k: given.get(k, default) for k, default in entry.constants.items()}
    trained = {k: np.array([given[k]], dtype=x.dtype) for k in entry.trained}
    return entry.function(x, **constants, **trained)


def _without_default(name: str) -> set[str]:
    entry = activations[name]
    # NaN in the registry marks: there is no default
    unset = {
        k for k, value in entry.constants.items() if isinstance(value, float) and np.isnan(value)
    }
    return unset | set(entry.trained)
