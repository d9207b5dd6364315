"""Functions that are one operation without options."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.activations import Translation, tensorflow_activations

#: our function -> its name in tf.math
OPERATIONS = {
    "abs": "abs",
    "cos": "cos",
    "erf": "erf",
    "exponential": "exp",
    "log": "log",
    "log_sigmoid": "log_sigmoid",
    "reciprocal": "reciprocal",
    "rsqrt": "rsqrt",
    "sin": "sin",
    "softsign": "softsign",
    "sqrt": "sqrt",
    "square": "square",
}


def _translation(operation: str) -> Translation:
    def translate(
        tf: ModuleType, x: Any, constants: dict[str, Any], weights: dict[str, Any]
    ) -> Any:
        return getattr(tf.math, operation)(x)

    return translate


for _function, _operation in OPERATIONS.items():
    tensorflow_activations.register(_function)(_translation(_operation))
