"""Rectified linear unit with the three options of Keras."""

from __future__ import annotations

import math
from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("relu")
def relu(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return x above the threshold, slope·(x - threshold) below, at most max_value."""
    slope, threshold = float(constants["negative_slope"]), float(constants["threshold"])
    ceiling = float(constants["max_value"])
    plain = slope == 0 and threshold == 0
    # zero times x: a NaN stays a NaN
    below = slope * (x - threshold) if slope else 0.0 * x
    y = tf.nn.relu(x) if plain else tf.where(x >= threshold, x, below)
    return y if math.isinf(ceiling) else tf.minimum(y, ceiling)
