"""Layers that other layers hold: cells of recurrent layers, what wrappers wrap."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from caloexport.converters.keras_layers import LayerCall, Steps, keras_layers
from caloexport.converters.keras_layers.class_names import MODELS, class_key
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.network import Shape


def inner_layer(
    call: LayerCall, item: Any, attribute: str, name: str | None, shape: Shape
) -> tuple[str, LayerCall]:
    """Return key and call of a layer that another one holds.

    Args:
        call: of the outer layer.
        item: the configuration of the inner one.
        attribute, name: by which its weights are found.
        shape: of what it reads.
    """
    if not isinstance(item, dict) or not isinstance(item.get("config"), dict):
        message = f"the layer inside it is {item!r:.40}, expected an object"
        raise InputFileError(message, where=call.place)
    class_name = str(item.get("class_name")).rpartition(">")[2]
    inside = replace(
        call,
        class_name=class_name,
        config=item["config"],
        shapes=(shape,),
        weights=call.weights.inside(attribute, name),
        place=f"{call.place}: {class_name} inside it",
        arguments=(),
        options={},
    )
    return class_key(item), inside


def steps_of(key: str, call: LayerCall) -> Steps:
    """Return the steps of an inner layer.

    Raises:
        UnsupportedError: there is no handler for it.
    """
    if key in MODELS:
        message = "the layer inside is a model of several layers"
        raise call.unsupported(message, "wrap its layers one by one")
    if key not in keras_layers:
        message = f"layers of class {key.rpartition('.')[2]} are not supported"
        raise call.unsupported(message)
    return keras_layers[key](call)
