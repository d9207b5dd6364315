"""The configuration of a Keras 1 model, brought into the words of Keras 2.

Afterwards one parser and one set of layer handlers serve both; only what Keras 2 no longer has
(Highway, MaxoutDense) keeps its class. Source: keras 1.2.2, keras/layers and keras/legacy of 2.0.
"""

from __future__ import annotations

from typing import Any

from caloexport.runtime.errors import InputFileError, UnsupportedError

LARGEST_DEPTH = 16

#: entry of a configuration in Keras 1 -> in Keras 2, for every layer but Embedding
ENTRIES = {
    "output_dim": "units",
    "bias": "use_bias",
    "inner_activation": "recurrent_activation",
    "p": "rate",
}
#: a Dense of Keras 2 works on the last axis, be it of a vector or of a sequence
CLASSES = {"TimeDistributedDense": "Dense"}

#: mode of a Merge -> the layer of Keras 2
MERGES = {
    "concat": "Concatenate", "sum": "Add", "mul": "Multiply", "ave": "Average", "max": "Maximum",
}  # fmt: skip

#: what may stand beside an embedding in the Merge that a Sequential begins with
PASSING = ("Activation", "InputLayer")


def modernised(model: dict[str, Any], where: str, depth: int = 0) -> dict[str, Any]:
    """Return the configuration of a Keras 1 model as Keras 2 would write it.

    Args:
        model: the object with ``class_name`` and ``config``.
        where: the file, for messages.

    Raises:
        InputFileError: not the configuration of a model.
        UnsupportedError: a layer whose meaning Keras 2 cannot express.

    >>> old = {"class_name": "Dense", "config": {"name": "d", "output_dim": 3, "bias": False}}
    >>> model = modernised({"class_name": "Sequential", "config": [old]}, "a.json")
    >>> model["config"]["layers"][0]["config"]
    {'trainable': True, 'name': 'd', 'units': 3, 'use_bias': False}
    """
    if depth > LARGEST_DEPTH:
        message = f"models are nested more than {LARGEST_DEPTH} deep"
        raise InputFileError(message, where=where)
    config = model.get("config")
    if isinstance(config, list):
        config = {"layers": config}
    if not isinstance(config, dict) or not isinstance(config.get("layers"), list):
        message = f"the configuration of '{model.get('class_name')}' lists no layers"
        raise InputFileError(message, where=where, hint="save a Sequential or Functional model")
    layers = config["layers"]
    if model.get("class_name") == "Sequential" and _class_of(layers[:1]) == "Merge":
        layers = [*_merged_inputs(layers[0], where), *layers[1:]]
    items = [_layer(item, where, depth) for item in layers]
    return {**model, "config": {**config, "layers": items}}


def _class_of(items: list[Any]) -> Any:
    return items[0].get("class_name") if items and isinstance(items[0], dict) else None


def _layer(item: Any, where: str, depth: int) -> dict[str, Any]:
    if not isinstance(item, dict):
        message = f"a layer is {type(item).__name__} in the configuration, expected an object"
        raise InputFileError(message, where=where)
    class_name, config = item.get("class_name"), item.get("config")
    if class_name in ("Sequential", "Model"):
        return modernised(item, where, depth + 1)
    if not isinstance(config, dict):
        message = f"a layer of class {class_name!r:.40} has no configuration"
        raise InputFileError(message, where=where)
    if class_name == "Merge":
        return _merge(item, config, where)
    if class_name == "BatchNormalization" and config.get("mode", 0) != 0:
        message = f"layer '{config.get('name')}' normalises in mode {config['mode']}"
        hint = "modes 1 and 2 of Keras 1 take statistics of the sample itself; train with mode 0"
        raise UnsupportedError(message, where=where, hint=hint)
    renamed = {} if "Embedding" in str(class_name) else ENTRIES
    config = {renamed.get(key, key): value for key, value in config.items()}
    if isinstance(config.get("layer"), dict):  # of a wrapper such as TimeDistributed
        config["layer"] = _layer(config["layer"], where, depth + 1)
    name = CLASSES.get(str(class_name), class_name)
    return {**item, "class_name": name, "config": {"trainable": True, **config}}


def _merge(item: dict[str, Any], config: dict[str, Any], where: str) -> dict[str, Any]:
    mode = config.get("mode")
    if not isinstance(mode, str) or mode not in MERGES:
        message = f"layer '{config.get('name')}' merges by {mode!r:.40}"
        hint = f"supported: {', '.join(MERGES)}"
        raise UnsupportedError(message, where=where, hint=hint)
    axis = config.get("concat_axis", -1)
    kept = {"name": config.get("name"), "trainable": True, "axis": axis}
    return {**item, "class_name": MERGES[mode], "config": kept}


def _merged_inputs(item: dict[str, Any], where: str) -> list[dict[str, Any]]:
    """Replace the Merge at the beginning by one input, in which embeddings replace columns.

    That is how LWTNN's users feed categories beside numbers: the branches of the Merge stand side
    by side in one list of variables, an embedding taking one of them (the variable's number).
    """
    config = item["config"] if isinstance(item.get("config"), dict) else {}
    branches = config.get("layers")
    if not isinstance(branches, list) or config.get("mode") != "concat":
        message = "its first layer is a Merge that is no concatenation of models"
        raise UnsupportedError(message, where=where, hint="make it a Functional model")
    embeddings: list[dict[str, Any]] = []
    shape: list[Any] = []
    column = 0
    for branch in branches:
        layer = _only_layer(branch, where)
        own = layer["config"]
        if isinstance(own.get("batch_input_shape"), list):
            shape = own["batch_input_shape"]
        if layer.get("class_name") == "Embedding":
            own = {**own, "column": column}
            embeddings.append({"class_name": "ColumnEmbedding", "config": own})
            column += 1
        else:
            column += _passed(layer, where)
    start = {"name": f"{config.get('name')}_input", "batch_input_shape": [*shape[:2], column]}
    # the last first: a column that is replaced by several shifts those behind it
    return [{"class_name": "InputLayer", "config": start}, *reversed(embeddings)]


def _only_layer(branch: Any, where: str) -> dict[str, Any]:
    layers = branch.get("config") if isinstance(branch, dict) else None
    if not isinstance(layers, list) or len(layers) != 1 or not isinstance(layers[0], dict):
        message = "a branch of the Merge at its beginning is not a Sequential of one layer"
        raise UnsupportedError(message, where=where, hint="make it a Functional model")
    if not isinstance(layers[0].get("config"), dict):
        message = "a layer of the Merge at its beginning has no configuration"
        raise InputFileError(message, where=where)
    return layers[0]


def _passed(layer: dict[str, Any], where: str) -> int:
    """Return how many variables a branch without an embedding passes on."""
    class_name, config = layer.get("class_name"), layer["config"]
    changes = class_name == "Activation" and config.get("activation") != "linear"
    if class_name not in PASSING or changes:
        message = f"a {class_name} stands in the Merge at its beginning"
        hint = f"supported there: Embedding, {', '.join(PASSING)} (linear)"
        if class_name == "Masking":
            hint = "LWTNN has no masks: with its --variables every step counts"
        raise UnsupportedError(message, where=where, hint=hint)
    shape = config.get("batch_input_shape")
    if not isinstance(shape, list) or not shape or type(shape[-1]) is not int:
        message = f"layer '{config.get('name')}' does not say its number of variables"
        raise InputFileError(message, where=where)
    return int(shape[-1])
