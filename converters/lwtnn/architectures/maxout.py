"""Maxout: the largest of several affine maps."""

from __future__ import annotations

from typing import Any

import numpy as np

from caloexport.converters.lwtnn import ptree
from caloexport.converters.lwtnn.architectures import (
    Architecture,
    Built,
    Compute,
    architectures,
)
from caloexport.converters.lwtnn.layer import Layer, Part, affine, parse_part
from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.network import Node


class Maxout(Architecture):
    """y = max over the sublayers of W·x + b."""

    kinds = ("maxout",)

    def parse(self, data: Any, where: str) -> Layer:
        found = ptree.listing(data, "sublayers", where)
        parts = [parse_part(one, f"{where}.sublayers[{k}]") for k, one in enumerate(found)]
        return Layer("maxout", sublayers=tuple(parts), where=where)

    def build(self, layer: Layer, n_in: int) -> tuple[int, Compute]:
        units = [affine(part, n_in, layer.where) for part in layer.sublayers]
        sizes = {len(matrix) for matrix, _ in units}
        if not sizes:
            message = "tried to build maxout without weights"
            raise InputFileError(message, where=layer.where)
        if len(sizes) > 1:
            message = f"uneven matrices for maxout: {sorted(sizes)} outputs"
            raise InputFileError(message, where=layer.where)

        def compute(x: Float64) -> Float64:
            return np.asarray(np.max([x @ matrix.T + bias for matrix, bias in units], axis=0))

        return sizes.pop(), compute

    def nodes(self, built: Built, name: str, source: str) -> list[Node]:
        parts = [affine(part, built.n_in, name) for part in built.layer.sublayers]
        kernel = np.stack([matrix.T for matrix, _ in parts])  # (pieces, n_in, n_out)
        weights = {"kernel": kernel, "bias": np.stack([bias for _, bias in parts])}
        return [Node(name, "maxout", (source,), {}, weights)]

    def layers(self, node: Node, follower: Node | None) -> list[Layer]:
        pairs = zip(node.weights["kernel"], node.weights["bias"], strict=True)
        return [Layer("maxout", sublayers=tuple(Part(kernel.T, bias) for kernel, bias in pairs))]


architectures.register("maxout")(Maxout())
