"""What is said about layers that no handler takes."""

from __future__ import annotations

import re

from caloexport.converters.keras_files.model_config import LayerSpec
from caloexport.converters.keras_layers import keras_layers
from caloexport.runtime.errors import UnsupportedError

CODE = "it carries Python code, which would have to be executed to know what it computes"
BACKEND = "the meaning of its weights depends on the backend of Keras 1; train with a later Keras"
REASONS = {
    "Lambda": CODE,
    "Masking": "which steps it hides depends on the shower, here and in the layers behind; build "
    "the model without it, generators get whole sequences",
    "Discretization": "it turns numbers into categories; let the condition be one already",
    "Convolution1D": BACKEND,
    "Convolution2D": BACKEND,
    "Convolution3D": BACKEND,
    "custom": "it is a class of your own, whose code is not in the file",
    "ops": "it is a function of Keras rather than a layer",
    "activations": "it is a function of Keras rather than a layer",
}


def refuse(layer: LayerSpec, place: str) -> UnsupportedError:
    """Make the error: layer, place in the model, reason, and what is supported instead."""
    short = layer.key.rpartition(".")[2]
    reason = REASONS.get(layer.key) or REASONS.get(layer.key.rpartition(".")[0])
    what = f"layers of class {short} are not supported" + (f": {reason}" if reason else "")
    hint = f"no target takes them; supported: {', '.join(_supported(layer.key))}"
    return UnsupportedError(what, where=place, hint=hint)


def _supported(key: str) -> list[str]:
    """List what there is instead: functions for a function, else layers, one name per family."""
    functions = _is_function(key)
    names = [name for name in keras_layers.names() if _is_function(name) == functions]
    return sorted({re.sub("[123]D", "1D-3D", name).rpartition(".")[2] for name in names})


def _is_function(key: str) -> bool:
    return key.startswith(("ops.", "activations."))
