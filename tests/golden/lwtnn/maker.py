"""Layers with random weights of a generator that no numpy release changes."""

from __future__ import annotations

from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.network import Node

TANH, SIGMOID = {"function": "tanh"}, {"function": "sigmoid"}


class Maker:
    """Makes layers with random weights of a generator that no numpy release changes."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.RandomState(seed)

    def weights(self, *shape: int) -> Float32:
        scale = np.sqrt(shape[-2]) if len(shape) > 1 else 1.0
        return (self.random.normal(size=shape) / scale).astype("f4")

    def dense(self, name: str, reads: str, n_in: int, n_out: int) -> Node:
        weights = {"kernel": self.weights(n_in, n_out), "bias": self.weights(n_out)}
        return Node(name, "dense", (reads,), {}, weights)

    def recurrent(self, kind: str, name: str, reads: str, n_in: int, n: int, **more: Any) -> Node:
        gates = {"lstm": 4, "gru": 3, "simple_rnn": 1}[kind]
        weights: dict[str, Array] = {
            "kernel": self.weights(n_in, gates * n),
            "recurrent_kernel": self.weights(n, gates * n),
            "bias": self.weights(gates * n),
        }
        attributes: dict[str, Any] = {"activation": TANH}
        if kind != "simple_rnn":
            attributes["recurrent_activation"] = SIGMOID
        attributes |= {"return_sequences": False, "go_backwards": False}
        if kind == "gru":
            weights["recurrent_bias"] = self.weights(gates * n)
            attributes["reset_after"] = False
        return Node(name, kind, (reads,), {**attributes, **more}, weights)

    def conv(
        self,
        name: str,
        reads: str,
        sizes: tuple[int, int, int],
        padding: list[int],
        dilation: int = 1,
    ) -> Node:
        attributes = {"strides": [1], "dilation": [dilation], "padding": [padding], "groups": 1}
        weights = {"kernel": self.weights(*sizes), "bias": self.weights(sizes[-1])}
        return Node(name, "conv", (reads,), attributes, weights)

    def highway(self, name: str, reads: str, n: int, activation: dict[str, Any]) -> Node:
        weights = {}
        for part in ("transform", "carry"):
            weights |= {f"{part}_kernel": self.weights(n, n), f"{part}_bias": self.weights(n)}
        return Node(name, "highway", (reads,), {"activation": activation}, weights)

    def maxout(self, name: str, reads: str, pieces: int, n_in: int, n_out: int) -> Node:
        weights = {"kernel": self.weights(pieces, n_in, n_out)}
        return Node(name, "maxout", (reads,), {}, {**weights, "bias": self.weights(pieces, n_out)})

    def embedding(self, name: str, reads: str, column: int, categories: int, n_out: int) -> Node:
        table = {"table": self.weights(categories, n_out)}
        return Node(name, "embedding", (reads,), {"column": column}, table)

    def norm(self, name: str, reads: str, units: int, *, dead: int = 0) -> Node:
        """Return a normalization; the first ``dead`` units have scale 0."""
        scale = self.random.uniform(0.5, 2.0, size=units).astype("f4")
        scale[:dead] = 0
        offset = self.random.normal(size=units).astype("f4")
        return Node(name, "normalization", (reads,), {}, {"scale": scale, "offset": offset})

    def swish(self, name: str, reads: str, beta: Array) -> Node:
        return act(name, reads, {"function": "swish"}, beta=np.asarray(beta, "f4"))


def act(name: str, reads: str, attributes: dict[str, Any], **weights: Array) -> Node:
    return Node(name, "activation", (reads,), attributes, weights)
