"""TimeDistributed: the same layer on every step of a sequence.

What works on the last axis does so already; the other kinds get one more axis in front.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from caloexport.converters.keras_layers import Graph, Input, LayerCall, Step, handles
from caloexport.converters.keras_layers.inner_layers import inner_layer, steps_of
from caloexport.converters.keras_layers.steps import connect, in_order
from caloexport.runtime.arrays import Array

#: do the same on every step without further ado
EVERY_STEP = (
    "dense", "normalization", "layer_normalization", "activation", "dropout", "add", "multiply",
    "subtract", "divide", "maximum", "minimum", "maxout", "highway",
)  # fmt: skip


@handles("TimeDistributed")
def time_distributed(call: LayerCall) -> Graph:
    """Return the steps of the layer inside with one more axis in front."""
    steps, *shape = call.shapes[0]
    item: Any = call.config["layer"]
    key, inside = inner_layer(call, item, "layer", None, tuple(shape))
    outputs = connect(steps_of(key, inside), (Input(0),))
    kinds = {step.kind for step in in_order(outputs)}
    for kind in sorted(kinds - {*EVERY_STEP, *LIFTED}):
        message = f"the layer inside becomes a node of kind {kind}, which has no time axis"
        raise call.unsupported(message, "use layers that read one step at a time")
    made: dict[int, Step] = {}
    for step in in_order(outputs):
        reads = tuple(made.get(id(read), read) for read in step.reads)
        lifted = LIFTED[step.kind](step, steps) if step.kind in LIFTED else step
        made[id(step)] = replace(lifted, reads=reads)
    return Graph(tuple(made.get(id(output), output) for output in outputs))


def _changed(**change: Callable[[Any, int], Any]) -> Callable[[Step, int], Step]:
    """Return a function that changes attributes of a step, given the number of steps."""

    def lift(step: Step, steps: int) -> Step:
        changed = {name: edit(step.attributes[name], steps) for name, edit in change.items()}
        return replace(step, attributes={**step.attributes, **changed})

    return lift


def _window(margins: str) -> Callable[[Step, int], Step]:
    lift = _changed(
        strides=lambda value, _: [1, *value],
        dilation=lambda value, _: [1, *value],
        **{margins: lambda value, _: [[0, 0], *value]},
    )

    def lift_kernel(step: Step, steps: int) -> Step:
        kernel: Array = np.asarray(step.weights["kernel"])[None]
        return replace(lift(step, steps), weights={**step.weights, "kernel": kernel})

    return lift_kernel


LIFTED: dict[str, Callable[[Step, int], Step]] = {
    "reshape": _changed(shape=lambda value, steps: [steps, *value]),
    "permute": _changed(order=lambda value, _: [0, *(axis + 1 for axis in value)]),
    "upsample": _changed(factors=lambda value, _: [1, *value]),
    "pad": _changed(padding=lambda value, _: [[0, 0], *value]),
    "slice": _changed(axis=lambda value, _: value + 1),
    "reduce": _changed(axes=lambda value, _: [axis + 1 for axis in value]),
    "concatenate": lambda step, _: replace(
        step,
        attributes={"axis": axis if (axis := step.attributes.get("axis", -1)) < 0 else axis + 1},
    ),
    "conv": _window("padding"),
    "conv_transpose": _window("crop"),
}
