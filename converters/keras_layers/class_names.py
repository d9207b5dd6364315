"""Names of Keras classes: where a class comes from, and how groups of weights are named by it."""

from __future__ import annotations

import re
from typing import Any

MODELS = ("Sequential", "Functional", "Model")


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


#: functions of ``keras.ops`` that have a dtype of their own, which otherwise marks a layer
WITH_DTYPE = ("Cast", "OnesLike", "ZerosLike")


def _is_function(item: dict[str, Any]) -> bool:
    """Tell a function of ``keras.ops`` from the layer of the same name, which has a dtype."""
    config = item.get("config")
    layer = item.get("class_name") in MODELS
    if layer or not isinstance(config, dict) or "trainable" in config:
        return False
    return "dtype" not in config or item.get("class_name") in WITH_DTYPE


def snake_case(class_name: str) -> str:
    """Return a class name as Keras spells it in groups (source: keras/src/utils/naming.py).

    >>> snake_case("BatchNormalization"), snake_case("ReLU"), snake_case("LeakyReLU")
    ('batch_normalization', 're_lu', 'leaky_re_lu')
    """
    name = re.sub(r"\W+", "", class_name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
