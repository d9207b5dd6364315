"""Highway: a gate between an affine map and its input."""

from __future__ import annotations

from typing import Any

from caloexport.converters.lwtnn.activation import (
    Activation,
    elementwise,
    from_ours,
    parse_activation,
    refusal,
)
from caloexport.converters.lwtnn.activations import sigmoid
from caloexport.converters.lwtnn.architectures import (
    Architecture,
    Built,
    Compute,
    architectures,
)
from caloexport.converters.lwtnn.layer import Layer, Part, affine, parse_components
from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.network import Network, Node


class Highway(Architecture):
    """y = c·act(W_t·x + b_t) + (1 - c)·x with c = σ(W_c·x + b_c), components t and carry."""

    kinds = ("highway",)

    def parse(self, data: Any, where: str) -> Layer:
        components = parse_components(data, ("t", "carry"), where)
        activation = parse_activation(data, "activation", where)
        return Layer("highway", components=components, activation=activation, where=where)

    def build(self, layer: Layer, n_in: int) -> tuple[int, Compute]:
        w_t, b_t = affine(layer.components["t"], n_in, layer.where)
        w_c, b_c = affine(layer.components["carry"], n_in, layer.where)
        if len(w_t) != n_in or len(w_c) != n_in:
            message = (
                f"a highway of {n_in} inputs has {len(w_t)} and {len(w_c)} outputs, must be equal"
            )
            raise InputFileError(message, where=layer.where)
        activation = layer.activation or Activation("linear")

        def compute(x: Float64) -> Float64:
            carry = sigmoid(x @ w_c.T + b_c)
            return carry * activation(x @ w_t.T + b_t) + (1 - carry) * x

        return n_in, compute

    def nodes(self, built: Built, name: str, source: str) -> list[Node]:
        weights: dict[str, Array] = {}
        for component, ours in (("t", "transform"), ("carry", "carry")):
            matrix, bias = affine(built.layer.components[component], built.n_in, name)
            weights |= {f"{ours}_kernel": matrix.T, f"{ours}_bias": bias}
        attributes = {"activation": elementwise(built.layer.activation, built.layer.where)}
        return [Node(name, "highway", (source,), attributes, weights)]

    def refusal(self, network: Network, node: Node) -> str | None:
        return refusal(node.attributes["activation"])

    def layers(self, node: Node, follower: Node | None) -> list[Layer]:
        w = node.weights
        components = {
            "t": Part(w["transform_kernel"].T, w["transform_bias"]),
            "carry": Part(w["carry_kernel"].T, w["carry_bias"]),
        }
        activation = from_ours(node.attributes["activation"])
        return [Layer("highway", components=components, activation=activation)]


architectures.register("highway")(Highway())
