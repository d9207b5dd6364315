"""Stacks of hidden layers, named by the block that each layer is made of.

A block says where batch normalization stands and which activation follows. Where normalization
stands before the activation it is what FastCaloGAN's ``BNswish`` and ``BNReLU`` are: trained
there with its moving statistics left alone, an affine map with a trained slope and offset.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.runtime.extras import require
from caloexport.training.layers.swish import swish_class

#: networks of a training, which draw their weights apart
DECODER, CRITICS, ENCODER, FLOW = range(4)


@dataclass(frozen=True)
class Block:
    """What follows a dense layer.

    Attributes:
        activation: ``"swish"`` (trained β), or the name of a Keras activation.
        normalization: where batch normalization stands, None for nowhere.
    """

    activation: str
    normalization: Literal["before", "after"] | None = None


BLOCKS = {
    "relu": Block("relu"),
    "leaky-relu": Block("leaky_relu"),
    "elu": Block("elu"),
    "swish": Block("swish"),
    "swish-fixed": Block("silu"),
    "bn-relu": Block("relu", "before"),
    "bn-swish": Block("swish", "before"),
    "bn-swish-fixed": Block("silu", "before"),
    "leaky-relu-bn": Block("leaky_relu", "after"),
    "elu-bn": Block("elu", "after"),
}

#: kernels that every layer draws anew; constant ones would make all units of a layer alike
INITIALIZERS = tuple(
    f"{law}_{shape}"
    for law in ("glorot", "he", "lecun", "random")
    for shape in ("uniform", "normal")
)


def check_initializer(name: str) -> None:
    """Check that kernels can be drawn by a law of this name.

    Raises:
        UnknownName: they cannot; lists the nearest.
    """
    if name not in INITIALIZERS:
        raise UnknownName("initializer", name, INITIALIZERS)


@dataclass(frozen=True)
class Hidden:
    """Sizes of a stack.

    Attributes:
        widths: of the layers.
        block: key of ``BLOCKS``.
        negative_slope: of LeakyReLU; Keras has three defaults, so it is always written out.
        per_unit: whether a trained swish has one β per unit instead of one per layer.
        initializer: of the kernels, one of ``INITIALIZERS``, which are names of Keras.

    >>> Hidden((8, 4), "swish").widths
    (8, 4)
    """

    widths: tuple[int, ...]
    block: str
    negative_slope: float = 0.2
    per_unit: bool = False
    initializer: str = "glorot_uniform"

    def __post_init__(self) -> None:
        if not self.widths or min(self.widths) < 1:
            message = f"hidden is {list(self.widths)}, expected positive widths"
            raise UsageError(message)
        if self.block not in BLOCKS:
            raise UnknownName("block", self.block, BLOCKS)
        check_initializer(self.initializer)


def seeds_of(seed: int, part: int = DECODER) -> Iterator[int]:
    """Return the seeds of the layers of one network of a training, one after the other.

    No two networks share one, of one training or of trainings with neighbouring seeds.

    >>> next(seeds_of(1, CRITICS)) == next(seeds_of(2, DECODER))
    False
    """
    return iter(np.random.SeedSequence((seed, part)).generate_state(256).tolist())


def initializer(name: str, seed: int) -> Any:
    """Return one of ``INITIALIZERS`` with its own seed."""
    keras = require("keras", extra="train")
    made = keras.initializers.get(name)
    return type(made).from_config({**made.get_config(), "seed": seed})


def stack(x: Any, hidden: Hidden, seeds: Iterator[int], part: str) -> Any:
    """Apply the layers of a stack to a Keras tensor.

    Args:
        x: (batch, width).
        hidden: sizes.
        seeds: of the kernels.
        part: begins the names of the layers.
    """
    keras = require("keras", extra="train")
    for number, width in enumerate(hidden.widths, start=1):
        x = keras.layers.Dense(
            width,
            kernel_initializer=initializer(hidden.initializer, next(seeds)),
            name=f"{part}_dense_{number}",
        )(x)
        x = after_dense(x, hidden, f"{part}_{{}}_{number}")
    return x


def after_dense(x: Any, hidden: Hidden, name: str) -> Any:
    """Apply what follows the dense layer in a block; ``name`` has a place for the layer's kind."""
    keras = require("keras", extra="train")
    block = BLOCKS[hidden.block]
    if block.normalization == "before":
        x = keras.layers.BatchNormalization(name=name.format("norm"))(x)
    if block.activation == "swish":
        x = swish_class()(per_unit=hidden.per_unit, name=name.format("swish"))(x)
    elif block.activation == "leaky_relu":
        layer = keras.layers.LeakyReLU(
            negative_slope=hidden.negative_slope, name=name.format("leaky")
        )
        x = layer(x)
    else:
        x = keras.layers.Activation(block.activation, name=name.format(block.activation))(x)
    if block.normalization == "after":
        x = keras.layers.BatchNormalization(name=name.format("norm"))(x)
    return x


def trainable(models: Sequence[Any]) -> list[Any]:
    """Return the trainable TensorFlow variables of some Keras models."""
    return [variable.value for model in models for variable in model.trainable_variables]
