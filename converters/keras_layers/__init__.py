"""Keras layer classes: one small file per family, each turning a layer into nodes of a network.

A handler sees one call of a layer (its configuration, the shapes that it reads, its weights) and
returns the steps that compute the same: a chain mostly, else a small graph (see ``steps``). It
says only what is special about its class; names, sharing and the graph of the model are the
reader's business. The idea is that of hls4ml's Keras 3 handlers
(github.com/fastmachinelearning/hls4ml, hls4ml/converters/keras_v3).

Class names carry where they come from: ``Dense`` is Keras' own layer, ``ops.Add`` an operation of
``keras.ops``, ``custom.Swish`` a class that users define.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from caloexport.converters.keras_layers.steps import Graph, Input, Step, Steps
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.network import Shape
from caloexport.runtime.registry import Registry

__all__ = [
    "Graph", "Handler", "Input", "LayerCall", "LayerWeights", "Step", "Steps", "handles",
    "keras_layers",
]  # fmt: skip

#: options of calls that change what a layer does -> what can be done
REASONS = {
    "training": "noise inside the network is not supported",
    "mask": "masks are not supported; give sequences their full length",
    "state": "recurrent layers start from zero; feed the state as a further input column",
}


class LayerWeights(Protocol):
    """The weights of one layer in a file."""

    def read(self, names: Sequence[str]) -> dict[str, Array]:
        """Return the weights of these names, given in Keras' order of creation, as float32.

        Raises:
            InputFileError: one is missing, or there are others.
        """

    def read_all(self) -> list[Array]:
        """Return whatever weights there are, for custom layers whose names nobody knows."""

    def inside(self, attribute: str, name: str | None) -> LayerWeights:
        """Return the weights of a layer that this one holds.

        Args:
            attribute: of the Python object, by which ``.keras`` files group weights.
            name: of the inner layer, by which ``.h5`` files do; None where they do not.
        """


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
        arguments, options: with which it is called: ``Input(0)`` stands for the first of the
            inputs, arrays and plain values are constants.
    """

    name: str
    class_name: str
    config: Mapping[str, Any]
    shapes: tuple[Shape, ...]
    weights: LayerWeights
    keras_major: int | None
    place: str
    arguments: tuple[Any, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def units(self) -> int:
        """Size of the last axis of the first input."""
        return self.shapes[0][-1] if self.shapes and self.shapes[0] else 1

    def option(self, *names: str, default: Any = None) -> Any:
        """Return the constant that one of these names has in the call or the configuration."""
        for name in names:
            for found in (self.options, self.config):
                if name in found:
                    return found[name]
        return default

    @property
    def operands(self) -> list[Any]:
        """What an operation works on: tensors as ``Input``, constants as arrays or numbers."""
        given = [*self.arguments, *self.options.values()]
        return given or [Input(number) for number in range(len(self.shapes))]

    def axis(self, axis: Any, rank: int | None = None) -> int:
        """Return an axis, counted with the batch axis as Keras does, without it and from 0.

        Args:
            axis: of the first input, or of a tensor of ``rank`` axes (without the batch axis).

        Raises:
            InputFileError: there is no such axis.
            UnsupportedError: it is the batch axis.
        """
        rank = len(self.shapes[0]) if rank is None else rank
        if type(axis) is not int or not -rank - 1 <= axis <= rank:
            message = f"there is no axis {axis!r:.40} in a tensor of {rank + 1} axes"
            raise InputFileError(message, where=self.place)
        if axis in (0, -rank - 1):
            message = "it works along the batch axis, so that showers depend on each other"
            raise self.unsupported(message)
        return axis - 1 if axis > 0 else axis + rank

    def axes(self, axes: Any) -> list[int]:
        """Return one axis or several of the first input as :meth:`axis` does, ascending."""
        given = axes if isinstance(axes, (list, tuple)) else [axes]
        found = sorted({self.axis(axis) for axis in given})
        if len(found) < len(given) or not found:
            message = f"it works along the axes {axes!r:.40}, expected different ones"
            raise InputFileError(message, where=self.place)
        return found

    def require_tensors_alone(self) -> None:
        """Refuse constants and options in the call, which could change what the layer does.

        Raises:
            UnsupportedError: naming the argument, with the reason where it is a known one.
        """
        for name, value in self.options.items():
            if name == "inputs" or _says_nothing(value):
                continue
            known = next((why for part, why in REASONS.items() if part in name), None)
            message = f"it is called with {name} = {_shown(value)}, expected tensors alone"
            raise self.unsupported(message, known)
        for value in self.arguments:
            if not _is_tensors(value):
                message = f"it is called with {_shown(value)}, expected tensors alone"
                raise self.unsupported(message, "constants belong into a Rescaling layer")

    def unsupported(self, reason: str, hint: str | None = None) -> UnsupportedError:
        """Make the error for a configuration that networks cannot express."""
        return UnsupportedError(reason, where=self.place, hint=hint)


Handler = Callable[[LayerCall], Steps]

keras_layers: Registry[Handler] = Registry(
    "Keras layer class", "caloexport.converters.keras_layers", "caloexport.keras_layers"
)
keras_layers.add_package("caloexport.converters.keras_operations")


def handles(*class_names: str, constants: bool = False) -> Callable[[Handler], Handler]:
    """Register the decorated function as the handler of Keras classes.

    Args:
        class_names: as ``class_key`` spells them.
        constants: whether it looks at ``arguments`` and ``options`` of the call itself; the
            others are called with tensors alone.
    """

    def add(handler: Handler) -> Handler:
        entry = handler if constants else _with_tensors_alone(handler)
        for name in class_names:
            keras_layers.register(name)(entry)
        return handler

    return add


def _with_tensors_alone(handler: Handler) -> Handler:
    @functools.wraps(handler)
    def checked(call: LayerCall) -> Steps:
        call.require_tensors_alone()
        return handler(call)

    return checked


def _is_tensors(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(_is_tensors(entry) for entry in value)
    return value is None or isinstance(value, Input)


def _says_nothing(value: Any) -> bool:
    """Say whether an option is off; models of several inputs are called with a list of masks."""
    if isinstance(value, (list, tuple)):
        return all(_says_nothing(entry) for entry in value)
    return value is None or value is False


def _shown(value: Any) -> str:
    return "a tensor" if not _says_nothing(value) and _is_tensors(value) else f"{value!r:.40}"
