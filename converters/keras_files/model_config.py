"""The configuration of a Keras model, brought to one form: layers and their calls.

Keras 2 and 3 write the graph of a Functional model differently, and a Sequential has none; here
all become a list of layers, each with the calls made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from caloexport.converters.keras_files.graph_config import (
    CallSpec,
    Reference,
    calls_of,
    is_old_style,
    references,
)
from caloexport.converters.keras_layers.class_names import MODELS, class_key
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.fields import listing, mapping, text

LARGEST_DEPTH = 16
NUMBERS = ("__numpy__", "__tensor__")


@dataclass(frozen=True)
class LayerSpec:
    """One layer of a model.

    Attributes:
        name: unique within its model.
        class_name: as the file spells it.
        key: of the handler, see ``keras_layers``.
        config: its configuration.
        calls: what each call of it reads.
        model: the model that it is, if it is one.
    """

    name: str
    class_name: str
    key: str
    config: dict[str, Any]
    calls: tuple[CallSpec, ...]
    model: ModelSpec | None = None

    @property
    def is_operation(self) -> bool:
        """Whether it is a function of Keras rather than a layer; it has no weights."""
        return self.key.startswith(("ops.", "activations."))


@dataclass(frozen=True)
class ModelSpec:
    """A model: its layers, and which tensors go in and come out."""

    name: str
    layers: tuple[LayerSpec, ...]
    inputs: tuple[Reference, ...]
    outputs: tuple[Reference, ...]


def parse_model(data: dict[str, Any], where: str, depth: int = 0) -> ModelSpec:
    """Return the model of a configuration.

    Args:
        data: the object with ``class_name`` and ``config``.
        where: the file, for messages.

    Raises:
        InputFileError: it is not the configuration of a model, or nested too deeply.
        UnsupportedError: a subclassed model, or a layer that is called in an unusual way.
    """
    if depth > LARGEST_DEPTH:
        message = f"models are nested more than {LARGEST_DEPTH} deep"
        raise InputFileError(message, where=where)
    config = data.get("config")
    if isinstance(config, list):  # the Sequential of Keras 2.0
        config = {"layers": config}
    if not isinstance(config, dict) or "layers" not in config:
        message = f"the configuration of '{data.get('class_name')}' lists no layers"
        raise InputFileError(message, where=where, hint="save a Sequential or Functional model")
    name = config.get("name", "model")
    if class_key(data) == "Sequential":
        return _sequential(str(name), config, where, depth)
    return _functional(str(name), config, where, depth)


def _functional(name: str, config: dict[str, Any], where: str, depth: int) -> ModelSpec:
    items = [_object(item, where) for item in listing(config, "layers", where)]
    old = is_old_style(items)
    shifted = {_name(item, where) for item in items if class_key(item) in MODELS} if old else set()
    names = {_name(item, where) for item in items}
    calls = [calls_of(item, names, shifted, where) for item in items]
    layers = [_layer(item, made, where, depth) for item, made in zip(items, calls, strict=True)]
    # tensors that leave the model count the calls of a nested Functional from 1, in both styles
    shifted |= {layer.name for layer in layers if layer.key in ("Functional", "Model")}
    inputs = references(config.get("input_layers"), set(), where)
    outputs = references(config.get("output_layers"), shifted, where)
    return ModelSpec(name, _unique(layers, where), inputs, outputs)


def _sequential(name: str, config: dict[str, Any], where: str, depth: int) -> ModelSpec:
    items = [_object(item, where) for item in listing(config, "layers", where)]
    if not items:
        message = f"model '{name}' has no layers"
        raise InputFileError(message, where=where)
    layers: list[LayerSpec] = []
    if items[0].get("class_name") != "InputLayer":
        layers.append(_missing_input(items[0], config, where))
    for item in items:
        reads = tuple(Reference(layer.name, 0, 0) for layer in layers[-1:])
        layers.append(_layer(item, (CallSpec(reads),) if reads else (), where, depth))
    return ModelSpec(
        name,
        _unique(layers, where),
        (Reference(layers[0].name, 0, 0),),
        (Reference(layers[-1].name, 0, 0),),
    )


def _missing_input(first: dict[str, Any], config: dict[str, Any], where: str) -> LayerSpec:
    """Make the input of a Sequential of which only the shape was written down, if at all."""
    own, built = mapping(first, "config", where), first.get("build_config")
    shape = (
        own.get("batch_input_shape")
        or own.get("batch_shape")
        or config.get("build_input_shape")
        or (built.get("input_shape") if isinstance(built, dict) else None)
    )
    name = f"{_name(first, where)}_input"
    return LayerSpec(name, "InputLayer", "InputLayer", {"batch_shape": shape, "name": name}, ())


def _layer(item: dict[str, Any], calls: tuple[CallSpec, ...], where: str, depth: int) -> LayerSpec:
    key = class_key(item)
    model = parse_model(item, where, depth + 1) if key in MODELS else None
    raw = item.get("config")
    config = {} if model is not None or not isinstance(raw, dict) else _plain(raw)
    return LayerSpec(_name(item, where), text(item, "class_name", where), key, config, calls, model)


def _unique(layers: list[LayerSpec], where: str) -> tuple[LayerSpec, ...]:
    names = [layer.name for layer in layers]
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        message = f"two layers of one model are named '{twice}'"
        raise InputFileError(message, where=where)
    return tuple(layers)


def _name(item: dict[str, Any], where: str) -> str:
    config = item.get("config")
    if isinstance(item.get("name"), str):
        return str(item["name"])
    return text(config, "name", where) if isinstance(config, dict) else "sequential"


def _object(item: Any, where: str) -> dict[str, Any]:
    if not isinstance(item, dict):
        message = f"a layer is {type(item).__name__} in the configuration, expected an object"
        raise InputFileError(message, where=where)
    return item


def _plain(value: Any) -> Any:
    """Replace numpy values and tensors, which are written as objects, by plain ones."""
    if isinstance(value, dict):
        if value.get("class_name") in NUMBERS and isinstance(value.get("config"), dict):
            return value["config"].get("value")
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list) else value
