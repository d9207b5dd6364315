"""Convolution along a sequence, of stride 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from caloexport.converters.lwtnn import ptree
from caloexport.converters.lwtnn.activation import Activation, from_ours, parse_activation
from caloexport.converters.lwtnn.architectures import (
    Architecture,
    Built,
    Compute,
    architectures,
)
from caloexport.converters.lwtnn.architectures.dense import finished, inner
from caloexport.converters.lwtnn.layer import Layer, Part
from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.network import Network, Node

PADDINGS = ("valid", "same", "causal")
#: steps of a sequence with its zeros; nobody has so many, damaged files may
STEPS_LIMIT = 1 << 20


class Conv1d(Architecture):
    """y_t = act(Σ_k W_k·x_(t+k·dilation) + b), with zeros added in front and behind.

    With ``same`` and an odd number of zeros the extra one stands in front; TensorFlow has it
    behind. The activation sees one output over all steps, which matters to softmax.
    """

    sequence = True
    since = "2.14"
    kinds = ("conv",)

    def parse(self, data: Any, where: str) -> Layer:
        part = Part(ptree.numbers(data, "weights", where), ptree.numbers(data, "bias", where))
        dilation = ptree.integer(data, "dilation_rate", where)
        if dilation < 1:
            message = f"dilation_rate is {dilation}, expected at least 1"
            raise InputFileError(message, where=where)
        padding = ptree.text(data, "padding", where)
        if padding not in PADDINGS:
            message = f"padding {padding} not recognized"
            raise InputFileError(message, where=where, hint=f"known: {', '.join(PADDINGS)}")
        given = "activation" in data
        activation = parse_activation(data, "activation", where) if given else None
        options = {"dilation_rate": dilation, "padding": padding}
        return Layer("conv1d", part, activation=activation, options=options, where=where)

    def build(self, layer: Layer, n_in: int) -> tuple[int, Compute]:
        if layer.activation is None:
            message = "got undefined activation function: conv1d needs the key 'activation'"
            raise InputFileError(message, where=layer.where, hint="write 'linear' if there is none")
        weights, bias = _arrays(layer)
        if not bias.size or not weights.size or weights.size % (n_in * bias.size):
            message = (
                f"layer has wrong info for conv1d: {weights.size} weights and {bias.size} biases "
                f"for {n_in} inputs"
            )
            raise InputFileError(message, where=layer.where)
        activation, margins = layer.activation, _margins(layer, n_in)
        kernel = weights.reshape(bias.size, n_in, -1)  # (n_out, n_in, taps)
        dilation = layer.options["dilation_rate"]

        def compute(x: Float64) -> Float64:
            padded = np.pad(x, [margins, (0, 0)])
            steps = len(padded) - (kernel.shape[2] - 1) * dilation
            y = np.zeros((steps, bias.size)) + bias
            for k in range(kernel.shape[2]):
                # (steps, n_in) · (n_in, n_out)
                y += padded[k * dilation : k * dilation + steps] @ kernel[:, :, k].T
            return activation(y.T).T

        return bias.size, compute

    def steps(self, layer: Layer, n_in: int, steps: int) -> int:
        before, after = _margins(layer, n_in)
        if steps + before + after > STEPS_LIMIT:
            message = f"a sequence of {steps} steps with {before + after} zeros around it"
            hint = f"at most {STEPS_LIMIT} steps are allowed"
            raise InputFileError(message, where=layer.where, hint=hint)
        found = steps + before + after - _extent(layer, n_in)
        if found < 1:
            message = f"input sequence of {steps} steps too short for valid padding"
            raise InputFileError(message, where=layer.where, hint="give more with --steps")
        return found

    def nodes(self, built: Built, name: str, source: str) -> list[Node]:
        layer = built.layer
        weights, bias = _arrays(layer)
        kernel = weights.reshape(built.n_out, built.n_in, -1).transpose(2, 1, 0)
        attributes = {
            "strides": [1],
            "dilation": [layer.options["dilation_rate"]],
            "padding": [list(_margins(layer, built.n_in))],
            "groups": 1,
        }
        conv = Node(name, "conv", (source,), attributes, {"kernel": kernel, "bias": bias})
        activation = layer.activation or Activation("linear")
        if activation.name != "softmax":
            return finished([conv], activation, name, source)
        turned = Node(f"{name}:turned", "permute", (name,), {"order": [1, 0]})
        softmax = finished([turned], activation, name, source)
        back = Node(f"{name}:back", "permute", (softmax[-1].name,), {"order": [1, 0]})
        return [conv, *softmax, back]

    def refusal(self, network: Network, node: Node) -> str | None:
        if len(network.shapes[node.inputs[0]]) != 2:
            return "LWTNN convolves along sequences only"
        if node.attributes["groups"] != 1 or node.attributes["strides"] != [1]:
            return "LWTNN's conv1d has the stride 1 and one group"
        if _padding(node) is None:
            return (
                f"LWTNN's conv1d pads with valid, same and causal, not {node.attributes['padding']}"
            )
        return None

    def layers(self, node: Node, follower: Node | None) -> list[Layer]:
        padding, before, after = _padding(node) or ("valid", 0, 0)
        kernel = np.pad(node.weights["kernel"], [(before, after), (0, 0), (0, 0)])
        (dilation,) = node.attributes["dilation"]
        activation = Activation("linear") if follower is None else from_ours(inner(follower))
        part = Part(kernel.transpose(2, 1, 0), node.weights["bias"])
        options = {"dilation_rate": dilation, "padding": padding}
        return [Layer("conv1d", part, activation=activation, options=options)]


def _arrays(layer: Layer) -> tuple[Array, Array]:
    part = layer.part or Part(np.zeros(0))
    return part.weights, np.zeros(0) if part.bias is None else part.bias


def _extent(layer: Layer, n_in: int) -> int:
    """Return the steps between the first tap and the last."""
    weights, bias = _arrays(layer)
    taps = weights.size // (n_in * bias.size)
    return int((taps - 1) * layer.options["dilation_rate"])


def _margins(layer: Layer, n_in: int) -> tuple[int, int]:
    """Return the number of zeros in front and behind."""
    extent = _extent(layer, n_in)
    before = {"valid": 0, "same": (extent + 1) // 2, "causal": extent}[layer.options["padding"]]
    return before, 0 if layer.options["padding"] == "valid" else extent - before


def _padding(node: Node) -> tuple[str, int, int] | None:
    """Return LWTNN's padding, and how many taps of zeros make the kernel fit it.

    Zeros in front and behind that keep the length can always be centred by one or more taps of
    zeros at one end of the kernel, unless the dilation forbids it: TensorFlow's ``same`` of an
    even kernel becomes one of an odd kernel.
    """
    taps = node.weights["kernel"].shape[0]
    (dilation,), ((before, after),) = node.attributes["dilation"], node.attributes["padding"]
    extent = (taps - 1) * dilation
    if before == after == 0:
        return "valid", 0, 0
    if (before, after) == (extent, 0):
        return "causal", 0, 0
    if before + after != extent:
        return None
    for more in (after - before, after - before + 1):  # zeros that ``same`` has more in front
        if more % dilation == 0:
            extra = more // dilation
            return "same", max(extra, 0), max(-extra, 0)
    return None


architectures.register("conv1d")(Conv1d())
