"""GRU: gated recurrent unit, in the form of Keras' ``reset_after=False``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from caloexport.converters.lwtnn.architectures import Built, architectures
from caloexport.converters.lwtnn.layer import Layer
from caloexport.converters.lwtnn.recurrent import Affine, Recurrent, State, activations_of
from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Network, Node


class Gru(Recurrent):
    """h = z·h₋ + (1 - z)·act(W_h·x + b_h + U_h·(r·h₋)), z and r = inner(W·x + b + U·h₋)."""

    kinds = ("gru",)
    architecture = "gru"
    components = ("z", "r", "h")

    def step(self, layer: Layer, recurrent: Affine) -> Callable[[Affine, State], State]:
        activation, inner = activations_of(layer)

        def advance(x: Affine, state: State) -> State:
            (h,) = state
            z, r = (inner(x[name] + recurrent[name] @ h) for name in "zr")
            return (z * h + (1 - z) * activation(x["h"] + recurrent["h"] @ (r * h)),)

        return advance

    def nodes(self, built: Built, name: str, source: str) -> list[Node]:
        (node,) = super().nodes(built, name, source)
        weights = {**node.weights, "recurrent_bias": np.zeros_like(node.weights["bias"])}
        attributes = {**node.attributes, "reset_after": False}
        return [replace(node, attributes=attributes, weights=weights)]

    def refusal(self, network: Network, node: Node) -> str | None:
        if node.attributes.get("reset_after") and not _resets_equally(node):
            return (
                "LWTNN's GRU resets before the recurrent kernel, this one was trained with "
                "reset_after=True"
            )
        return super().refusal(network, node)

    def joint_bias(self, node: Node) -> Array:
        return np.asarray(node.weights["bias"] + node.weights["recurrent_bias"])


def _resets_equally(node: Node) -> bool:
    """Say whether r·(U·h + b) is U·(r·h) + b: U diagonal (one unit, say) and b zero."""
    kernel = np.split(node.weights["recurrent_kernel"], 3, axis=1)[2]
    bias = np.split(node.weights["recurrent_bias"], 3)[2]
    return not bias.any() and not (kernel - np.diag(np.diag(kernel))).any()


architectures.register("gru")(Gru())
