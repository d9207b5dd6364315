"""How Keras writes down which layer reads what.

Keras 3: each call is ``{"args": [...], "kwargs": {...}}`` with tensors as objects that hold a
``keras_history``. Keras 2: each call is a list of ``[layer, call, tensor, kwargs]``, and a nested
model counts its calls from 1, because its own definition is number 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from caloexport.converters.keras_layers import Input
from caloexport.runtime.errors import InputFileError

#: stands in the place of a layer's name where Keras 2 writes a constant
CONSTANT = "_CONSTANT_VALUE"

LARGEST_DEPTH = 8


@dataclass(frozen=True)
class Reference:
    """One output of one call of a layer."""

    layer: str
    call: int
    output: int


@dataclass(frozen=True)
class CallSpec:
    """One call of a layer.

    Attributes:
        inputs: what it reads, in order.
        arguments, options: with which it is called, positional and by name; ``Input(k)`` stands
            for the k-th of the inputs, and numpy arrays for constant tensors.
    """

    inputs: tuple[Reference, ...]
    arguments: tuple[Any, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def has_constants(self) -> bool:
        """Whether it is called with anything but tensors."""
        return any(not isinstance(v, Input) for v in (*self.arguments, *self.options.values()))


def is_old_style(items: list[dict[str, Any]]) -> bool:
    """Say whether the calls are written as Keras 2 does."""
    nodes = [item.get("inbound_nodes") for item in items]
    return any(isinstance(node, list) and node and isinstance(node[0], list) for node in nodes)


def calls_of(
    item: dict[str, Any], names: set[str], shifted: set[str], where: str
) -> tuple[CallSpec, ...]:
    """Return the calls of a layer.

    Args:
        item: the layer in the configuration.
        names: of all layers of the model.
        shifted: names of layers whose calls are counted from 1.
        where: the file, for messages.

    Raises:
        InputFileError: not written as Keras does.
    """
    nodes = item.get("inbound_nodes", [])
    if not isinstance(nodes, list):
        message = f"the calls of layer '{item.get('name')}' are not a list"
        raise InputFileError(message, where=where)
    place = f"{where}: layer '{item.get('name')}' ({item.get('class_name')})"
    return tuple(_Call(names, shifted, place).read(node) for node in nodes)


def references(value: Any, shifted: set[str], where: str) -> tuple[Reference, ...]:
    """Return the tensors of ``input_layers`` or ``output_layers``: one, a list or a dictionary."""
    if isinstance(value, dict):
        value = [value[key] for key in sorted(value)]  # the order in which Keras flattens it
    if isinstance(value, list) and value and isinstance(value[0], str):
        value = [value]
    if not isinstance(value, list) or not value:
        message = "the model does not say what its inputs and outputs are"
        raise InputFileError(message, where=where)
    return tuple(_reference(entry, shifted, where) for entry in value)


class _Call:
    """Reads one call; collects the tensors in its arguments and puts ``Input`` in their place."""

    def __init__(self, names: set[str], shifted: set[str], place: str) -> None:
        self._names, self._shifted, self._place = names, shifted, place
        self._inputs: list[Reference] = []

    def read(self, node: Any) -> CallSpec:
        if isinstance(node, dict) and isinstance(node.get("args"), list):
            arguments = [self._value(value) for value in node["args"]]
            options = {k: self._value(v) for k, v in (node.get("kwargs") or {}).items()}
        elif isinstance(node, list):
            arguments, options = self._old_style(node)
        else:
            message = "one of its calls is neither a list nor an object with 'args'"
            raise InputFileError(message, where=self._place)
        return CallSpec(tuple(self._inputs), tuple(arguments), options)

    def _old_style(self, node: list[Any]) -> tuple[list[Any], dict[str, Any]]:
        single = bool(node) and isinstance(node[0], str)
        entries, options = [node] if single else node, {}
        found = [self._first_argument(entry) for entry in entries]
        for entry in entries:
            if isinstance(entry, list) and len(entry) > 3 and isinstance(entry[3], dict):
                options.update(entry[3])
        options = {name: self._old_value(value) for name, value in options.items()}
        return (found if len(found) == 1 else [found]), options

    def _first_argument(self, entry: Any) -> Any:
        if isinstance(entry, list) and len(entry) >= 3 and entry[0] == CONSTANT:
            return entry[2]
        return self._input(entry)

    def _old_value(self, value: Any, depth: int = 0) -> Any:
        """Find the tensors among the options of Keras 2: ``["layer", 0, 0]``."""
        if not isinstance(value, list) or depth > LARGEST_DEPTH:
            return value
        named = len(value) == 3 and isinstance(value[0], str) and value[0] in self._names
        if named and type(value[1]) is int:
            return self._input(value)
        return [self._old_value(entry, depth + 1) for entry in value]

    def _value(self, value: Any, depth: int = 0) -> Any:
        if depth > LARGEST_DEPTH:
            message = "its arguments are nested without end"
            raise InputFileError(message, where=self._place, hint="the file is damaged")
        if isinstance(value, list):
            return [self._value(entry, depth + 1) for entry in value]
        if not isinstance(value, dict):
            return value
        class_name = value.get("class_name")
        if class_name == "__keras_tensor__":
            return self._input(value["config"]["keras_history"])
        if class_name in ("__numpy__", "__tensor__"):
            return np.asarray(value["config"]["value"], dtype=np.float64)
        if class_name is None:  # tensors by name, in the order in which Keras flattens them
            return [self._value(value[key], depth + 1) for key in sorted(value)]
        return value

    def _input(self, entry: Any) -> Input:
        self._inputs.append(_reference(entry, self._shifted, self._place))
        return Input(len(self._inputs) - 1)


def _reference(entry: Any, shifted: set[str], where: str) -> Reference:
    good = isinstance(entry, list) and len(entry) >= 3 and isinstance(entry[0], str)
    if not good or not all(type(n) is int and n >= 0 for n in entry[1:3]):
        message = f"{entry!r:.60} does not refer to the output of a layer"
        raise InputFileError(message, where=where)
    layer, call, output = entry[:3]
    if layer in shifted and call > 0:
        call -= 1
    return Reference(layer, call, output)
