"""Dense: an optional matrix, an optional bias and an activation."""

from __future__ import annotations

from typing import Any

import numpy as np

from caloexport.converters.lwtnn.activation import (
    Activation,
    from_ours,
    parse_activation,
    refusal,
)
from caloexport.converters.lwtnn.architectures import (
    Architecture,
    Built,
    Compute,
    architectures,
)
from caloexport.converters.lwtnn.layer import Layer, Part, matrix, parse_part
from caloexport.runtime.activations import activations
from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.network import Network, Node

EMPTY = np.zeros(0)


class Dense(Architecture):
    """y = act(W·x + b); an empty list of weights or bias leaves W or b out."""

    kinds = ("dense", "activation")

    def parse(self, data: Any, where: str) -> Layer:
        given = "activation" in data
        activation = parse_activation(data, "activation", where) if given else None
        return Layer("dense", parse_part(data, where), activation=activation, where=where)

    def build(self, layer: Layer, n_in: int) -> tuple[int, Compute]:
        weights, bias = _arrays(layer)
        activation = layer.activation
        if activation is None:
            message = "got undefined activation function: a dense layer needs the key 'activation'"
            raise InputFileError(message, where=layer.where, hint="write 'linear' if there is none")
        rows = matrix(weights, n_in, layer.where) if weights.size else None
        n_out = n_in if rows is None else len(rows)
        if bias.size not in (0, n_out):
            message = (
                f"tried to add a bias layer with {bias.size} entries, the layer has {n_out} outputs"
            )
            raise InputFileError(message, where=layer.where)

        def compute(x: Float64) -> Float64:
            # (rows, n_in) · (n_in, n_out) + (n_out,)
            y = x if rows is None else x @ rows.T
            return activation(y + bias if bias.size else y)

        return n_out, compute

    def nodes(self, built: Built, name: str, source: str) -> list[Node]:
        weights, bias = _arrays(built.layer)
        activation = built.layer.activation or Activation("linear")
        affine: list[Node] = []
        if weights.size:
            kernel = weights.reshape(built.n_out, built.n_in).T
            offset = bias if bias.size else np.zeros(built.n_out, kernel.dtype)
            affine = [Node(name, "dense", (source,), {}, {"kernel": kernel, "bias": offset})]
        elif bias.size:
            shift = {"scale": np.ones(built.n_out, bias.dtype), "offset": bias}
            affine = [Node(name, "normalization", (source,), {}, shift)]
        return finished(affine, activation, name, source)

    def refusal(self, network: Network, node: Node) -> str | None:
        if node.kind != "activation":
            return None
        for weight in node.weights.values():
            if np.ptp(weight) > 0:
                function = node.attributes["function"]
                return f"LWTNN's {function} has one β per layer, not one per unit"
        return refusal(inner(node))

    def layers(self, node: Node, follower: Node | None) -> list[Layer]:
        if node.kind == "activation":
            return [Layer("dense", Part(EMPTY, EMPTY), activation=from_ours(inner(node)))]
        activation = Activation("linear") if follower is None else from_ours(inner(follower))
        part = Part(node.weights["kernel"].T, node.weights["bias"])
        return [Layer("dense", part, activation=activation)]


def _arrays(layer: Layer) -> tuple[Array, Array]:
    part = layer.part or Part(EMPTY)
    return part.weights, EMPTY if part.bias is None else part.bias


def inner(node: Node) -> dict[str, Any]:
    """Return an activation node as one object, its trained parameters as plain numbers."""
    trained = {key: float(weight.flat[0]) for key, weight in node.weights.items()}
    return {**node.attributes, **trained}


def finished(affine: list[Node], activation: Activation, name: str, source: str) -> list[Node]:
    """Return the nodes with an activation behind them, if it is not the identity."""
    ours = activation.to_ours()
    if ours["function"] == "linear" and affine:
        return affine
    trained = activations[ours["function"]].trained
    weights = {key: np.array([ours.pop(key)]) for key in trained}
    if affine:
        name, source = f"{name}:{activation.name}", affine[-1].name
    return [*affine, Node(name, "activation", (source,), ours, weights)]


architectures.register("dense")(Dense())
