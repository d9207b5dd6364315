"""The configuration of a Keras model, brought to one form: layers and their calls.

Keras 2 and 3 write the graph of a Functional model differently, and a Sequential has none; here
all become a list of layers, each with the calls made of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from caloexport.converters.keras_files.graph_config import (
    CallSpec,
    Reference,
    calls_of,
    is_old_style,
    references,
)
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.fields import listing, mapping, text

MODELS = ("Sequential", "Functional", "Model")
LARGEST_DEPTH = 16


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
    layers = [_layer(item, calls_of(item, shifted, where), where, depth) for item in items]
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
    """Replace numpy values, which Keras 2.12 to 2.14 write as objects, by plain ones."""
    if isinstance(value, dict):
        if value.get("class_name") == "__numpy__" and isinstance(value.get("config"), dict):
            return value["config"].get("value")
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list) else value


def class_key(item: dict[str, Any]) -> str:
    """Return the class of a layer with the place that it comes from.

    >>> class_key({"class_name": "Dense", "module": "keras.layers", "registered_name": None})
    'Dense'
    >>> class_key({"class_name": "Add", "module": "keras.src.ops.numpy"})
    'ops.Add'
    >>> class_key({"class_name": "Swish", "module": None, "registered_name": "my>Swish"})
    'custom.Swish'
    """
    class_name, registered = str(item.get("class_name")), str(item.get("registered_name"))
    short, module = class_name.rpartition(">")[2], item.get("module", "keras")
    keras = re.match(r"(tf_)?keras(\.|$)|tensorflow\.(python\.)?keras\.", str(module))
    if short == "Swish" or not keras or ">" in class_name or ">" in registered:
        return f"custom.{short}"  # Keras has no class Swish, and .h5 files name no module
    if "module" not in item and _is_function(item):
        return f"ops.{short}"
    parts = str(module).split(".")
    return next((f"{part}.{short}" for part in parts if part in ("ops", "activations")), short)


def _is_function(item: dict[str, Any]) -> bool:
    """Tell a function of ``keras.ops`` from the layer of the same name, which has a dtype."""
    config = item.get("config")
    layer = item.get("class_name") in MODELS
    return not layer and isinstance(config, dict) and not {"trainable", "dtype"} & set(config)


def snake_case(class_name: str) -> str:
    """Return a class name as Keras spells it in groups (source: keras/src/utils/naming.py).

    >>> snake_case("BatchNormalization"), snake_case("ReLU"), snake_case("LeakyReLU")
    ('batch_normalization', 're_lu', 'leaky_re_lu')
    """
    name = re.sub(r"\W+", "", class_name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
