"""LSTM, GRU and SimpleRNN, and the same as cells inside RNN."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from caloexport.converters.keras_layers import LayerCall, LayerWeights, Step, handles
from caloexport.converters.keras_layers.activation_functions import activation_steps
from caloexport.converters.keras_layers.inner_layers import inner_layer
from caloexport.converters.keras_layers.windows import require_rank
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError

#: layer kind and number of gates
KINDS = {"LSTM": ("lstm", 4), "GRU": ("gru", 3), "SimpleRNN": ("simple_rnn", 1)}


@handles("LSTM", "GRU", "SimpleRNN")
def recurrent(call: LayerCall) -> list[Step]:
    """Return the layer; its gates stand in Keras' order (i, f, c, o and z, r, h)."""
    _require_plain(call)
    return [_step(call, call.class_name, call.weights.inside("cell", None))]


@handles("RNN")
def cells(call: LayerCall) -> list[Step]:
    """Return one layer for each cell; stacked cells are layers one after the other."""
    _require_plain(call)
    item: Any = call.config["cell"]
    attribute, items = "cell", [item]
    stacked = isinstance(item, dict) and item.get("class_name") == "StackedRNNCells"
    if stacked:
        items = item["config"]["cells"]
    steps, shape = list[Step](), call.shapes[0]
    for number, entry in enumerate(items):
        key, cell = inner_layer(call, entry, attribute, None, shape)
        name = key.removesuffix("Cell")
        if key == name or name not in KINDS:
            message = f"a cell of class {cell.class_name} is not supported"
            raise call.unsupported(message, "supported: LSTMCell, GRUCell, SimpleRNNCell")
        weights = cell.weights
        if stacked:
            own = cell.config.get("name")
            weights = weights.inside("cells", None).inside(_counted(items, number), own)
        outer = dict(call.config)
        if number:
            outer["go_backwards"] = False  # it reads what the first cell has turned already
        if number < len(items) - 1:
            outer["return_sequences"] = True
        steps.append(_step(replace(cell, config={**outer, **cell.config}), name, weights))
        shape = (shape[0], int(cell.config["units"]))
    return steps


def _require_plain(call: LayerCall) -> None:
    if len(call.shapes) > 1:
        message = "it starts from a state that is given"
        raise call.unsupported(message, "only the start from zero is supported")
    require_rank(call, 2)
    reasons = {
        "stateful": "it keeps its state from one shower to the next",
        "return_state": "it hands on its last state",
        "time_major": "its first axis is the time, not the batch",
    }
    for option, reason in reasons.items():
        if call.config.get(option, False):
            raise call.unsupported(f"{reason} ({option}=True)", "build it without")


def _step(call: LayerCall, class_name: str, weights: LayerWeights) -> Step:
    kind, gates = KINDS[class_name]
    units, config = int(call.config["units"]), call.config
    use_bias = config.get("use_bias", True)
    stored = weights.read(["kernel", "recurrent_kernel", *["bias"] * bool(use_bias)])
    attributes: dict[str, Any] = {
        "activation": inner_activation(call, "activation", "tanh"),
        "return_sequences": bool(config.get("return_sequences", False)),
        "go_backwards": bool(config.get("go_backwards", False)),
    }
    if gates > 1:
        gate = inner_activation(call, "recurrent_activation", "sigmoid")
        attributes["recurrent_activation"] = gate
    width = gates * units
    expected: dict[str, tuple[int, ...]] = {
        "kernel": (call.units, width),
        "recurrent_kernel": (units, width),
    }
    biases = 1
    if kind == "gru":
        attributes["reset_after"] = bool(config.get("reset_after", False))
        biases = 2 if attributes["reset_after"] else 1
    if use_bias:
        expected["bias"] = (2, width) if biases == 2 else (width,)
    for name, shape in expected.items():
        if stored[name].shape != shape:
            message = f"{name} has shape {stored[name].shape}, expected {shape}"
            raise InputFileError(message, where=call.place, hint="the file is damaged")
    return Step(kind, attributes, _with_biases(stored, kind, width))


def _with_biases(stored: dict[str, Array], kind: str, width: int) -> dict[str, Array]:
    """Return the weights with zeros for biases that the layer does not have."""
    zeros = np.zeros(width, dtype=np.float32)
    biases = np.atleast_2d(stored.get("bias", zeros))
    found = {**stored, "bias": biases[0]}
    if kind == "gru":
        found["recurrent_bias"] = biases[1] if len(biases) > 1 else zeros
    return found


def inner_activation(call: LayerCall, name: str, default: str) -> dict[str, Any]:
    """Return an activation of the configuration as an object, its parameters plain numbers."""
    steps = activation_steps(call.config.get(name, default), call)
    if not steps:
        return {"function": "linear"}
    if len(steps) > 1 or any(weight.size != 1 for weight in steps[0].weights.values()):
        message = f"its {name} is more than one function of one number"
        raise call.unsupported(message)
    numbers = {key: float(weight.item()) for key, weight in steps[0].weights.items()}
    return {**steps[0].attributes, **numbers}


def _counted(items: list[Any], number: int) -> str:
    """Return ``gru_cell_1`` for the second GRU cell, as groups of weights are named."""
    from caloexport.converters.keras_layers.class_names import snake_case

    name = snake_case(str(items[number].get("class_name")))
    count = sum(snake_case(str(item.get("class_name"))) == name for item in items[:number])
    return name + (f"_{count}" if count else "")
