"""Activations in TensorFlow: one file each.

A translation returns f(x), given TensorFlow, the tensor x, the constants of the activation and
the tensors of its trained parameters by name.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from caloexport.runtime.registry import Registry

Translation = Callable[[ModuleType, Any, dict[str, Any], dict[str, Any]], Any]

tensorflow_activations: Registry[Translation] = Registry(
    "activation of TensorFlow",
    "caloexport.converters.savedmodel.activations",
    "caloexport.tensorflow_activations",
)
