"""Keras layer classes: one small file per family, each turning a layer into nodes of a network.

A handler sees one call of a layer (its configuration, the shapes that it reads, its weights) and
returns the chain of steps that computes the same. It says only what is special about its class;
names, sharing and the graph are the reader's business. The idea is that of hls4ml's Keras 3
handlers (github.com/fastmachinelearning/hls4ml, hls4ml/converters/keras_v3).

Class names carry where they come from: ``Dense`` is Keras' own layer, ``ops.Add`` an operation of
``keras.ops``, ``custom.Swish`` a class that users define.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.network import Shape
from caloexport.runtime.registry import Registry


class LayerWeights(Protocol):
    """The weights of one layer in a file."""

    def read(self, names: Sequence[str]) -> dict[str, Array]:
        """Return the weights of these names, given in Keras' order of creation, as float32.

        Raises:
            InputFileError: one is missing, or there are others.
        """

    def read_all(self) -> list[Array]:
        """Return whatever weights there are, for custom layers whose names nobody knows."""


@dataclass(frozen=True)
class LayerCall:
    """One call of a Keras layer.

    Attributes:
        name: of the layer.
        class_name: as registered, for example ``"Dense"``.
        config: of the layer.
        shapes: of its inputs, without the batch axis.
        weights: of the layer.
        keras_major: 2 or 3; None when the file does not say.
        place: file, layer and position, for messages.
    """

    name: str
    class_name: str
    config: Mapping[str, Any]
    shapes: tuple[Shape, ...]
    weights: LayerWeights
    keras_major: int | None
    place: str

    @property
    def units(self) -> int:
        """Size of the last axis of the first input."""
        return self.shapes[0][-1] if self.shapes and self.shapes[0] else 1

    def unsupported(self, reason: str, hint: str | None = None) -> UnsupportedError:
        """Make the error for a configuration that networks cannot express."""
        return UnsupportedError(reason, where=self.place, hint=hint)


@dataclass(frozen=True)
class Step:
    """One node of the network to be: its kind, constants and weights."""

    kind: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    weights: Mapping[str, Array] = field(default_factory=dict)


#: the first step reads the inputs of the call, each further one reads the step before it;
#: no step at all passes the input on
Handler = Callable[[LayerCall], list[Step]]

keras_layers: Registry[Handler] = Registry(
    "Keras layer class", "caloexport.converters.keras_layers", "caloexport.keras_layers"
)


def handles(*class_names: str) -> Callable[[Handler], Handler]:
    """Register the decorated function as the handler of Keras classes."""

    def add(handler: Handler) -> Handler:
        for name in class_names:
            keras_layers.register(name)(handler)
        return handler

    return add


def is_last_axis(axis: Any, shape: Shape) -> bool:
    """Say whether an axis, counted with the batch axis as Keras does, is the last one.

    >>> is_last_axis(-1, (3, 4)), is_last_axis([2], (3, 4)), is_last_axis(1, (3, 4))
    (True, True, False)
    """
    if isinstance(axis, (list, tuple)) and len(axis) == 1:
        axis = axis[0]
    return bool(axis in (-1, len(shape)))
