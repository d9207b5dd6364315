"""Critics: Keras models of cells, energy sums and conditions, without batch normalization."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from caloexport.runtime.extras import require
from caloexport.training.hidden import initializer, stack
from caloexport.training.wgan.settings import Critics


def build_critic(
    blocks: Mapping[str, int], n_conditions: int, settings: Critics, seeds: Iterator[int], name: str
) -> Any:
    """Build a critic with fresh weights.

    Args:
        blocks: width of each block that it reads, by name.
        n_conditions: length of the condition vector.
        settings: sizes.
        seeds: of the kernels.
        name: begins the names of its weights.

    Returns:
        A Keras model (batch, blocks side by side, then conditions) -> (batch, 1).
    """
    keras = require("keras", extra="train")
    x = keras.Input((sum(blocks.values()) + n_conditions,), name=f"{name}_input")
    h = stack(x, settings.stack, seeds, name)
    kernel = initializer(settings.initializer, next(seeds))
    value = keras.layers.Dense(1, kernel_initializer=kernel, name=f"{name}_value")(h)
    return keras.Model(x, value, name=name)
