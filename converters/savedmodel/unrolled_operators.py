"""The operators of TensorFlow, as recurrent layers are written out with them."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from caloexport.converters.savedmodel.inner_activation import inner_activation


class TensorFlowOperators:
    """Plain operators without loops, which sessions of any release run.

    Args:
        tf: TensorFlow.
        weights: tensors of the node's weights.
    """

    def __init__(self, tf: ModuleType, weights: Mapping[str, Any]) -> None:
        self._tf = tf
        self._weights = weights

    def weight(self, key: str, start: int = 0, stop: int | None = None) -> Any:
        return self._weights[key][..., start:stop]

    def matmul(self, x: Any, y: Any) -> Any:
        return self._tf.matmul(x, y)

    def add(self, x: Any, y: Any) -> Any:
        return x + y

    def multiply(self, x: Any, y: Any) -> Any:
        return x * y

    def complement(self, x: Any) -> Any:
        return 1 - x

    def split(self, x: Any, parts: int) -> list[Any]:
        return list(self._tf.split(x, parts, axis=-1))

    def step(self, x: Any, k: int) -> Any:
        return x[:, k]

    def stack(self, steps: list[Any]) -> Any:
        return self._tf.stack(steps, axis=1)

    def activate(self, given: Mapping[str, Any], x: Any) -> Any:
        return inner_activation(self._tf, given, x)
