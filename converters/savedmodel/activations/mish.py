"""Mish, accurate in its tail.

TensorFlow replaces tanh(softplus(x)) by an operator of oneDNN that is 0 below -17.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import tensorflow_activations


@tensorflow_activations.register("mish")
def mish(tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]) -> Any:
    """Return x·tanh(ln(1 + e^x)) as the reference computes it."""
    e = tf.exp(-tf.abs(x))
    part = tf.where(x < 0, e * (e + 2), 1 + 2 * e)
    return x * (part / (part + tf.where(x < 0, 2.0, 2 * e * e)))
