"""Normalization: a shift, then a factor for each value."""

from __future__ import annotations

from typing import Any

import numpy as np

from caloexport.converters.lwtnn.activation import Activation
from caloexport.converters.lwtnn.architectures import (
    Architecture,
    Built,
    Compute,
    architectures,
)
from caloexport.converters.lwtnn.decimals import as_float32, nine_digits, short
from caloexport.converters.lwtnn.layer import Layer, Part, parse_part
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.network import Node

#: offset/scale beyond this would overflow where the C++ runs in float
LARGEST_RATIO = 1e30


class Normalization(Architecture):
    """y = W·(x + b), element by element; the C++ ignores an activation here."""

    kinds = ("normalization",)

    def parse(self, data: Any, where: str) -> Layer:
        return Layer("normalization", parse_part(data, where), where=where)

    def build(self, layer: Layer, n_in: int) -> tuple[int, Compute]:
        weights, bias = _arrays(layer)
        for name, array in (("weights", weights), ("bias", bias)):
            if array.size != n_in:
                message = (
                    f"a normalization of {n_in} inputs has {array.size} {name}: the C++ would cut "
                    "or read past the end without a word"
                )
                raise InputFileError(message, where=layer.where)
        return n_in, lambda x: weights * (x + bias)

    def nodes(self, built: Built, name: str, source: str) -> list[Node]:
        weights, bias = _arrays(built.layer)
        scale = as_float32(weights)
        with np.errstate(over="ignore"):  # who asks for finite weights finds it
            offset = scale.astype(np.float64) * bias
        return [Node(name, "normalization", (source,), {}, {"scale": scale, "offset": offset})]

    def layers(self, node: Node, follower: Node | None) -> list[Layer]:
        """Where the scale is 0 no bias gives the offset; there a layer that only adds follows."""
        scale, offset = node.weights["scale"], node.weights["offset"]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            bias = np.where(offset == 0, 0.0, offset / scale.astype(np.float64))
        written = nine_digits if short(scale) else np.asarray
        if np.all(np.abs(bias) < LARGEST_RATIO):
            return [Layer("normalization", Part(scale, written(bias)))]
        return [
            Layer("normalization", Part(scale, np.zeros_like(scale))),
            Layer("dense", Part(np.zeros(0), written(offset)), activation=Activation("linear")),
        ]


def _arrays(layer: Layer) -> tuple[Array, Array]:
    part = layer.part or Part(np.zeros(0))
    return part.weights, np.zeros(0) if part.bias is None else part.bias


architectures.register("normalization")(Normalization())
