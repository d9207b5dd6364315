"""An activation inside a layer, as the operators of the activation alone."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations
from caloexport.runtime.activations import activations


def inner_activation(tf: ModuleType, given: Mapping[str, Any], x: Any) -> Any:
    """Return f(x) for the activation that stands in an attribute of a layer."""
    entry = activations[given["function"]]
    constants = {key: given.get(key, default) for key, default in entry.constants.items()}
    trained = {key: tf.constant([given[key]], tf.float32) for key in entry.trained}
    return tensorflow_activations[given["function"]](tf, x, constants, trained)
