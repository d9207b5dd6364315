"""How Keras writes down which layer reads what.

Keras 3: each call is ``{"args": [...], "kwargs": {...}}`` with tensors as objects that hold a
``keras_history``. Keras 2: each call is a list of ``[layer, call, tensor, kwargs]``, and a nested
model counts its calls from 1, because its own definition is number 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from caloexport.runtime.errors import InputFileError, UnsupportedError


@dataclass(frozen=True)
class Reference:
    """One output of one call of a layer."""

    layer: str
    call: int
    output: int


@dataclass(frozen=True)
class CallSpec:
    """What one call of a layer reads, in order."""

    inputs: tuple[Reference, ...]


def is_old_style(items: list[dict[str, Any]]) -> bool:
    """Say whether the calls are written as Keras 2 does."""
    nodes = [item.get("inbound_nodes") for item in items]
    return any(isinstance(node, list) and node and isinstance(node[0], list) for node in nodes)


def calls_of(item: dict[str, Any], shifted: set[str], where: str) -> tuple[CallSpec, ...]:
    """Return the calls of a layer.

    Args:
        item: the layer in the configuration.
        shifted: names of layers whose calls are counted from 1.
        where: the file, for messages.

    Raises:
        UnsupportedError: an argument that is not a tensor, or ``training=True``.
    """
    nodes = item.get("inbound_nodes", [])
    if not isinstance(nodes, list):
        message = f"the calls of layer '{item.get('name')}' are not a list"
        raise InputFileError(message, where=where)
    return tuple(_call(node, item, shifted, where) for node in nodes)


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


def _call(node: Any, item: dict[str, Any], shifted: set[str], where: str) -> CallSpec:
    place = f"{where}: layer '{item.get('name')}' ({item.get('class_name')})"
    if isinstance(node, dict) and isinstance(node.get("args"), list):
        options = dict(node.get("kwargs") or {})
        found = _tensors([*node["args"], options.pop("inputs", None)], place, 0)
    elif isinstance(node, list):
        entries = [node] if node and isinstance(node[0], str) else node
        options = {}
        for entry in entries:
            if isinstance(entry, list) and len(entry) > 3 and isinstance(entry[3], dict):
                options.update(entry[3])
        found = entries
    else:
        message = "one of its calls is neither a list nor an object with 'args'"
        raise InputFileError(message, where=place)
    for name, value in options.items():
        if value not in (None, False):
            message = f"it is called with {name} = {value!r:.40}, expected tensors alone"
            hint = "noise inside the network is not supported" if name == "training" else None
            raise UnsupportedError(message, where=place, hint=hint)
    return CallSpec(tuple(_reference(entry, shifted, place) for entry in found))


def _tensors(value: Any, place: str, depth: int) -> list[Any]:
    """Return the histories of all tensors in the arguments of a call."""
    if value is None:
        return []
    if isinstance(value, list) and depth < 4:
        return [found for entry in value for found in _tensors(entry, place, depth + 1)]
    if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        return [value["config"]["keras_history"]]
    message = f"it is called with {value!r:.40}, expected tensors alone"
    raise UnsupportedError(message, where=place, hint="constants belong into a Rescaling layer")


def _reference(entry: Any, shifted: set[str], where: str) -> Reference:
    good = isinstance(entry, list) and len(entry) >= 3 and isinstance(entry[0], str)
    if not good or not all(type(n) is int and n >= 0 for n in entry[1:3]):
        message = f"{entry!r:.60} does not refer to the output of a layer"
        raise InputFileError(message, where=where)
    layer, call, output = entry[:3]
    if layer in shifted and call > 0:
        call -= 1
    return Reference(layer, call, output)
