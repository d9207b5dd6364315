"""LSTM, GRU and RNN."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.operators import operator
from caloexport.converters.onnx.operators.concat import joined
from caloexport.converters.onnx.operators.selection import picked
from caloexport.converters.onnx.values import BATCH, UNIT, Batch, Operand, Value
from caloexport.runtime.arrays import Array

#: names of activations in lower case -> ours, and what alpha is to them with the default of ONNX
FUNCTIONS: dict[str, tuple[str, dict[str, float]]] = {
    "sigmoid": ("sigmoid", {}),
    "tanh": ("tanh", {}),
    "relu": ("relu", {}),
    "softsign": ("softsign", {}),
    "softplus": ("softplus", {}),
    "leakyrelu": ("leaky_relu", {"negative_slope": 0.01}),
    "elu": ("elu", {"alpha": 1.0}),
    "hardsigmoid": ("hard_sigmoid", {"slope": 0.2}),
}
BETA = ("hardsigmoid",)
Weights = dict[str, Array]


@operator("LSTM")
def lstm(call: Call) -> list[Operand]:
    """An LSTM; the gates i, o, f, c become i, f, c, o."""
    if call.optional(7) is not None:
        raise call.unsupported("it has peepholes")

    def weights(w: Array, r: Array, b: Array) -> Weights:
        def ordered(blocks: Array) -> Array:
            i, o, f, c = np.split(blocks, 4)
            return np.concatenate([i, f, c, o])

        both = b.reshape(2, -1)
        return {
            "kernel": ordered(w).T,
            "recurrent_kernel": ordered(r).T,
            "bias": ordered(both[0]) + ordered(both[1]),
        }

    return _recurrent(call, "lstm", 4, ["sigmoid", "tanh", "tanh"], weights, {})


@operator("GRU")
def gru(call: Call) -> list[Operand]:
    """A GRU; the order of the gates is ours."""
    after = bool(call.integer("linear_before_reset", 0))

    def weights(w: Array, r: Array, b: Array) -> Weights:
        parts = b.reshape(2, -1)
        return {
            "kernel": w.T, "recurrent_kernel": r.T, "bias": parts[0], "recurrent_bias": parts[1],
        }  # fmt: skip

    return _recurrent(call, "gru", 3, ["sigmoid", "tanh"], weights, {"reset_after": after})


@operator("RNN")
def rnn(call: Call) -> list[Operand]:
    """A simple recurrent layer."""

    def weights(w: Array, r: Array, b: Array) -> Weights:
        return {"kernel": w.T, "recurrent_kernel": r.T, "bias": b.reshape(2, -1).sum(axis=0)}

    return _recurrent(call, "simple_rnn", 1, ["tanh"], weights, {})


def _recurrent(
    call: Call,
    kind: str,
    gates: int,
    defaults: list[str],
    weights: Callable[[Array, Array, Array], Weights],
    attributes: dict[str, Any],
) -> list[Operand]:
    """Return all states and the last one, as far as they are read."""
    direction = call.text("direction", "forward")
    if direction not in ("forward", "reverse", "bidirectional"):
        raise call.damaged(f"'direction' is '{direction}'")
    ways = [False, True] if direction == "bidirectional" else [direction == "reverse"]
    value = _sequence(call)
    matrices = _matrices(call, gates, len(ways))
    every, last = [], []
    for number, backwards in enumerate(ways):
        given = weights(*(matrix[number].astype(np.float32) for matrix in matrices))
        inner = _activations(call, defaults, number)
        made = call.add(
            kind, [value], "backwards" if number else "",
            {key: np.ascontiguousarray(weight) for key, weight in given.items()},
            **inner, **attributes, return_sequences=True, go_backwards=backwards,
        )  # fmt: skip
        steps = made.shape[0]
        last.append(picked(call, made, _steps(made), [steps - 1]))
        order = list(range(steps))[::-1]
        every.append(picked(call, made, _steps(made), order) if backwards else made)
    return [_output(call, every, last=False), _output(call, last, last=True)]


def _steps(value: Value) -> int:
    return value.axes.index(0)


def _sequence(call: Call) -> Value:
    """Return the input as a layer (steps, features)."""
    value = call.value()
    steps = 1 if call.integer("layout", 0) else 0
    if value.rank != 3 or value.merged or value.dims[1 - steps] not in (1, Batch()):
        raise call.unsupported("its input is no batch of sequences")
    value = call.layout.canonical(value)
    if BATCH not in value.axes:  # one sequence
        value = call.layout.reshaped(
            value, tuple(n for k, n in enumerate(value.shape) if k != 1 - steps)
        )
        value = replace(value, axes=(0, 1))
    elif value.axes[1 - steps] != BATCH:
        raise call.unsupported("its input is no batch of sequences")
    lengths = call.constant(4)
    if lengths is not None and (np.asarray(lengths) != value.shape[0]).any():
        raise call.unsupported("it takes sequences of different lengths")
    for index in (5, 6) if call.node.operator == "LSTM" else (5,):
        start = call.constant(index)
        if start is not None and start.any():
            raise call.unsupported("its initial state is not zero")
    if "clip" in call.node.attributes or call.integer("input_forget", 0):
        raise call.unsupported("it clips its gates, or couples them")
    return value


def _matrices(call: Call, gates: int, ways: int) -> list[Array]:
    """Return kernel, recurrent kernel and both biases, by direction."""
    w, r = call.weights(1), call.weights(2)
    units = r.shape[-1]
    bias = call.constant(3)
    b = np.zeros((ways, 2 * gates * units)) if bias is None else call.weights(3)
    wanted = [
        (ways, gates * units, w.shape[-1]),
        (ways, gates * units, units),
        (ways, 2 * gates * units),
    ]
    if [w.shape, r.shape, b.shape] != wanted:
        raise call.damaged(f"weights of {w.shape}, {r.shape} and {b.shape} do not fit together")
    return [w, r, b]


def _activations(call: Call, defaults: list[str], number: int) -> dict[str, Any]:
    """Return the attributes ``activation`` and ``recurrent_activation`` of one direction."""
    names = call.node.attributes.get("activations")
    count = len(defaults)
    every = [str(name).lower() for name in names or defaults * (number + 1)]
    found = every[number * count :][:count]
    unknown = [name for name in every if name not in FUNCTIONS]
    if unknown or len(found) < count:
        raise call.unsupported(f"its activations are {', '.join(map(str, names or ()))}")
    specs = _specs(call, every)[number * count :][:count]
    if count == 1:
        return {"activation": specs[0]}
    if count == 3 and specs[1] != specs[2]:
        raise call.unsupported("its cell and its output have different activations")
    return {"recurrent_activation": specs[0], "activation": specs[1]}


def _specs(call: Call, names: list[str]) -> list[dict[str, Any]]:
    """Return activations with parameters; the lists of those count only who takes some."""
    alphas = iter(call.node.attributes.get("activation_alpha", ()))
    betas = iter(call.node.attributes.get("activation_beta", ()))
    specs = []
    for name in names:
        function, parameters = FUNCTIONS[name]
        given = {key: next(alphas, default) for key, default in parameters.items()}
        if name in BETA and next(betas, 0.5) != 0.5:
            raise call.unsupported("its hard sigmoid is not 1/2 at zero")
        specs.append({"function": function, **given})
    return specs


def _output(call: Call, ways: list[Value], *, last: bool) -> Value:
    """Return the directions as an axis of the tensor: (steps, directions, batch, units)."""
    first = ways[0]
    value = first if len(ways) == 1 else joined(call, ways, first.axes.index(1))
    batch = BATCH if BATCH in value.axes else UNIT
    if len(ways) == 2:
        steps, both = value.shape
        value = call.layout.reshaped(value, (steps, 2, both // 2))
        direction, units = 1, 2
    else:
        direction, units = UNIT, 1
    layout = call.integer("layout", 0)
    axes: tuple[int, ...]
    if last:
        axes = (batch, direction, units) if layout else (direction, batch, units)
    else:
        axes = (batch, 0, direction, units) if layout else (0, direction, batch, units)
    return replace(value, axes=axes)
