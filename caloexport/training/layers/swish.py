"""Swish with a trained β: x·σ(βx) (arXiv:1710.05941).

One β for the whole layer is what LWTNN can read (its attribute ``alpha``); one per unit exports
too, as the converter folds all but one into the neighbouring kernels.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from caloexport.runtime.extras import require


@cache
def swish_class() -> Any:
    """Return the Keras class ``Swish``, registered so that Keras finds it in a file.

    >>> layer = swish_class()(per_unit=True)
    >>> layer.build((None, 3))
    >>> tuple(layer.beta.shape)
    (3,)
    """
    keras = require("keras", extra="train")

    layer_class: Any = keras.layers.Layer

    @keras.saving.register_keras_serializable(package="caloexport")
    class Swish(layer_class):  # type: ignore[misc]  # keras has no types
        """x·σ(βx); β starts at 1 and is trained.

        Args:
            per_unit: one β per unit instead of one for the layer.
        """

        def __init__(self, per_unit: bool = False, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.per_unit = per_unit

        def build(self, input_shape: tuple[int | None, ...]) -> None:
            shape = (input_shape[-1],) if self.per_unit else (1,)
            self.beta = self.add_weight(shape=shape, initializer="ones", name="beta")
            super().build(input_shape)

        def call(self, x: Any) -> Any:
            return x * keras.ops.sigmoid(self.beta * x)

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "per_unit": self.per_unit}

    return Swish
