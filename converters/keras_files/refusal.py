"""What is said about layers that no handler takes."""

from __future__ import annotations

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
    "TFOpLambda": "it is a TensorFlow function without a layer",
    "SlicingOpLambda": "it is a TensorFlow function without a layer",
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
    hint = f"no target takes them; supported: {', '.join(keras_layers.names())}"
    return UnsupportedError(what, where=place, hint=hint)
