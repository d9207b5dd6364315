"""Loops that are recurrent layers, found by what one step of them computes.

The loop is walked with symbols for the values of a step and for the states; all steps must do the
same. The weights and functions of a step give candidates among the recurrent layer kinds; one is
taken only if it computes the same in float64. Any other loop is written out step by step.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from caloexport.converters.recognise import recognise
from caloexport.converters.savedmodel.operators import Call
from caloexport.converters.savedmodel.operators.parts import unstacked
from caloexport.converters.savedmodel.values import Tensor, TensorList, Value
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import CaloexportError
from caloexport.runtime.layers import layers
from caloexport.runtime.network import Network, Node
from caloexport.runtime.recurrence import Recurrent
from caloexport.runtime.reference import evaluate

#: number of states -> layer kinds that carry so many
KINDS = {1: ("simple_rnn", "gru"), 2: ("lstm",)}
PROBES = 32


@dataclass(frozen=True)
class Loop:
    """A loop over the steps of a sequence.

    Attributes:
        sequence: place of the list with the steps among its values.
        output: place of the list that is written.
        states: places of the states.
        source: the steps as one tensor.
        symbols: of a step and of the states.
    """

    sequence: int
    output: int
    states: tuple[int, ...]
    source: Tensor
    symbols: tuple[Tensor, ...]


def recurrent_layer(call: Call, condition: str, body: str) -> list[Value] | None:
    """Return what a loop makes if it is a recurrent layer; None for any other loop."""
    loop = _loop(call)
    if loop is None:
        return None
    try:
        steps, values = _walked(call, loop, condition, body)
    except CaloexportError:  # what is wrong with a step is said when it is written out
        return None
    if not steps or not all(_alike(a, b) for s in steps for a, b in zip(steps[0], s, strict=True)):
        return None
    first = [recognise(network) for network in steps[0]]
    for node in _candidates(first, loop):
        if _same(node, first, loop):
            return _results(call, loop, node, values)
    return None


def _loop(call: Call) -> Loop | None:
    """Return the loop if its values are those of a walk along a sequence from zero states."""
    lists = {k: x for k, x in enumerate(call.inputs) if isinstance(x, TensorList)}
    full = [k for k, x in lists.items() if x.source is not None]
    empty = [k for k, x in lists.items() if all(item is None for item in x.items)]
    zeros = {
        k: x.shape[1]
        for k, x in enumerate(call.inputs)
        if isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.ndim == 2 and not x.any()
    }
    if (len(lists), len(full), len(empty)) != (2, 1, 1) or len(zeros) not in KINDS:
        return None
    source = lists[full[0]].source
    if source is None or source.batch != 1 or len(source.shape) != 2:
        return None
    symbols = [
        call.draft.symbol(f"{call.name}/symbol", size)
        for size in (source.shape[1], *zeros.values())
    ]
    return Loop(full[0], empty[0], tuple(zeros), source, tuple(symbols))


def _walked(
    call: Call, loop: Loop, condition: str, body: str
) -> tuple[list[list[Network]], list[Value]]:
    """Return for each step the networks that make the new states; none if it is no plain walk."""
    values: list[Value] = list(call.inputs)
    found: list[list[Network]] = []
    steps = loop.source.shape[0]
    for k in range(steps + 1):
        (more,) = call.run(condition, values)
        if not isinstance(more, np.ndarray) or bool(more.all()) != (k < steps):
            return [], values
        if k == steps:
            return found, values
        items: list[Tensor | Array | None] = [None] * steps
        items[k] = loop.symbols[0]
        values[loop.sequence] = TensorList(tuple(items))
        for place, symbol in zip(loop.states, loop.symbols[1:], strict=True):
            values[place] = symbol
        results = call.run(body, values)
        new = [results[place] for place in loop.states]
        if not _is_written(values[loop.output], results[loop.output], k, new[0]):
            return [], values
        states = [x for x in new if isinstance(x, Tensor)]
        inputs = {x.name: x.shape for x in loop.symbols}
        found.append([call.draft.network(x.name, inputs) for x in states])
        if len(states) != len(new) or results[loop.sequence] is not values[loop.sequence]:
            return [], values
        values = results
    return [], values


def _is_written(before: Value, after: Value, step: int, state: Value) -> bool:
    """Say whether the new state was written at the place of the step, or at the only place."""
    if not isinstance(before, TensorList) or not isinstance(after, TensorList):
        return False
    place = 0 if len(after.items) == 1 else step
    expected = [*before.items]
    expected[place] = state if isinstance(state, Tensor) else None
    pairs = zip(after.items, expected, strict=True)
    return all(a is b or (isinstance(a, Tensor) and a == b) for a, b in pairs)


def _alike(first: Network, other: Network) -> bool:
    """Say whether two networks are the same but for the names of their nodes."""
    names = {name: name for name in first.inputs}
    if len(first.nodes) != len(other.nodes):
        return False
    for a, b in zip(first.nodes, other.nodes, strict=True):
        reads = tuple(names.get(name) for name in a.inputs)
        same = (a.kind, a.attributes, a.weights.keys()) == (b.kind, b.attributes, b.weights.keys())
        if not same or reads != b.inputs:
            return False
        if not all(np.array_equal(w, b.weights[key]) for key, w in a.weights.items()):
            return False
        names[a.name] = b.name
    return names.get(first.outputs[0]) == other.outputs[0]


def _candidates(step: list[Network], loop: Loop) -> Iterator[Node]:
    """Yield recurrent layers that have the weights and functions of a step."""
    weights = _weights(step[0], loop)
    functions = _functions(step[0])
    for kind in KINDS[len(step)]:
        entry = layers[kind]
        if not weights or not isinstance(entry, Recurrent):
            continue
        (units,) = loop.symbols[1].shape
        if entry.gates * units != weights["kernel"].shape[1]:
            continue
        given = dict(weights)
        if "recurrent_bias" not in entry.weights:
            given["bias"] = given["bias"] + given.pop("recurrent_bias")
        gates = functions if "recurrent_activation" in entry.attributes else [None]
        forms = (True, False) if "reset_after" in entry.attributes else (None,)
        for function, gate, form in itertools.product(functions, gates, forms):
            attributes = {
                "activation": function, "recurrent_activation": gate, "reset_after": form,
                "return_sequences": False,
            }  # fmt: skip
            known = {key: value for key, value in attributes.items() if value is not None}
            yield Node("", kind, (loop.source.name,), known, given)


def _weights(network: Network, loop: Loop) -> dict[str, Array] | None:
    """Return the weights of a step under the names of a recurrent layer."""
    dense = [node for node in network.nodes if node.kind == "dense"]
    first = [node for node in dense if node.inputs == (loop.symbols[0].name,)]
    others = [node for node in dense if node not in first]
    units = loop.symbols[1].shape
    if not first or not others or any(n.weights["kernel"].shape[:1] != units for n in others):
        return None
    kernel, bias = _joined(first)
    recurrent, recurrent_bias = _joined(others)
    for node in network.nodes:
        plain = node.kind == "normalization" and (node.weights["scale"] == 1).all()
        if plain and node.weights["offset"].shape == bias.shape:
            bias = bias + node.weights["offset"]
    names = ("kernel", "recurrent_kernel", "bias", "recurrent_bias")
    return dict(zip(names, (kernel, recurrent, bias, recurrent_bias), strict=True))


def _joined(nodes: list[Node]) -> tuple[Array, Array]:
    """Return kernels and biases side by side."""
    return (
        np.concatenate([node.weights["kernel"] for node in nodes], axis=1),
        np.concatenate([node.weights["bias"] for node in nodes]),
    )


def _functions(network: Network) -> list[dict[str, Any]]:
    """Return the activations of a network, once each, and the identity."""
    found: list[dict[str, Any]] = []
    for node in network.nodes:
        if node.kind == "activation" and all(w.size == 1 for w in node.weights.values()):
            trained = {key: float(w.ravel()[0]) for key, w in node.weights.items()}
            found.append({**node.attributes, **trained})
    return [f for k, f in enumerate(found) if f not in found[:k]] + [{"function": "linear"}]


def _same(node: Node, step: list[Network], loop: Loop) -> bool:
    """Compare one step of a layer with the networks of its states, in float64."""
    rng = np.random.default_rng(0)
    scale = np.repeat([0.5, 5.0], PROBES // 2)[:, None]
    probes = {x.name: scale * rng.normal(size=(PROBES, *x.shape)) for x in loop.symbols}
    given = [probes[symbol.name] for symbol in loop.symbols]
    entry = layers[node.kind]
    weights = {key: w.astype(np.float64) for key, w in node.weights.items()}
    if not isinstance(entry, Recurrent):
        return False
    try:
        entry.shape(replace(node, name="candidate"), [loop.source.shape])
    except CaloexportError:
        return False
    with np.errstate(all="ignore"):
        advance = entry.step(replace(node, weights=weights))
        states = advance(given[0] @ weights["kernel"] + weights["bias"], tuple(given[1:]))
        wanted = [evaluate(network, probes) for network in step]
    return all(
        np.allclose(state, one, rtol=1e-9, atol=1e-12)
        for state, one in zip(states, wanted, strict=True)
    )


def _results(call: Call, loop: Loop, node: Node, values: list[Value]) -> list[Value]:
    """Add the layer and return the values that the loop ends with."""
    source, backwards = loop.source, False
    before = call.draft.nodes.get(source.name)
    if before is not None and before.kind == "slice" and before.attributes["step"] == -1:
        whole = before.attributes["length"] == source.shape[0]
        if before.attributes["axis"] == 0 and whole:
            source, backwards = replace(source, name=before.inputs[0]), True
    attributes = {**node.attributes, "go_backwards": backwards}
    x = Tensor(source.name, source.shape)
    last = call.draft.add(call.name, node.kind, [x], attributes, node.weights)
    results = list(values)
    results[loop.sequence] = call.inputs[loop.sequence]
    for place in loop.states:
        # the memory of an LSTM after the last step is no output of the layer
        results[place] = last if place == loop.states[0] else TensorList(())
    results[loop.output] = TensorList((last,))
    output = call.list(loop.output)
    if len(output.items) == source.shape[0] > 1:
        attributes["return_sequences"] = True
        steps = call.draft.add(call.name, node.kind, [x], attributes, node.weights)
        whole_output = Tensor(steps.name, steps.shape, 1)
        results[loop.output] = TensorList(tuple(unstacked(call, whole_output, 0)), whole_output)
    return results
