"""Embedding: a variable of a sequence that counts categories becomes a vector."""

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
from caloexport.converters.lwtnn.layer import Layer, Part
from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import InputFileError, UsageError
from caloexport.runtime.network import Network, Node


class Embedding(Architecture):
    """Each sublayer replaces the value number ``index`` of every step by a column of W."""

    sequence = True
    kinds = ("embedding",)

    def parse(self, data: Any, where: str) -> Layer:
        found = ptree.listing(data, "sublayers", where)
        parts = []
        for k, one in enumerate(found):
            place = f"{where}.sublayers[{k}]"
            options = {key: ptree.integer(one, key, place) for key in ("index", "n_out")}
            parts.append(Part(ptree.numbers(one, "weights", place), options=options))
        return Layer("embedding", sublayers=tuple(parts), where=where)

    def build(self, layer: Layer, n_in: int) -> tuple[int, Compute]:
        tables = []
        for part in layer.sublayers:
            index, n_out = part.options["index"], part.options["n_out"]
            if not 0 <= index < n_in:
                message = f"var_row_index {index} is outside of the {n_in} values of a step"
                raise InputFileError(message, where=layer.where)
            if n_out < 1 or not part.weights.size or part.weights.size % n_out:
                message = f"{part.weights.size} weights for n_out {n_out} of an embedding"
                raise InputFileError(message, where=layer.where)
            tables.append((index, part.weights.reshape(n_out, -1).T))  # (categories, n_out)
            n_in += n_out - 1

        def compute(x: Float64) -> Float64:
            for index, table in tables:
                x = _embedded(x, index, table)
            return x

        return n_in, compute

    def steps(self, layer: Layer, n_in: int, steps: int) -> int:
        for part in layer.sublayers:
            index, n_out = part.options["index"], part.options["n_out"]
            if reason := _mixed_up(index, n_in, steps):
                raise InputFileError(reason, where=layer.where)
            n_in += n_out - 1
        return steps

    def nodes(self, built: Built, name: str, source: str) -> list[Node]:
        nodes: list[Node] = []
        for k, part in enumerate(built.layer.sublayers):
            table = part.weights.reshape(part.options["n_out"], -1).T
            attributes = {"column": part.options["index"]}
            own = name if k == 0 else f"{name}:{k}"
            nodes.append(Node(own, "embedding", (source,), attributes, {"table": table}))
            source = own
        return nodes or [Node(name, "activation", (source,), {"function": "linear"})]

    def refusal(self, network: Network, node: Node) -> str | None:
        shape = network.shapes[node.inputs[0]]
        if len(shape) != 2:
            return "LWTNN embeds variables of sequences only"
        return _mixed_up(node.attributes["column"], shape[1], shape[0])

    def layers(self, node: Node, follower: Node | None) -> list[Layer]:
        table = node.weights["table"]
        options = {"index": node.attributes["column"], "n_out": table.shape[1]}
        return [Layer("embedding", sublayers=(Part(table.T, options=options),))]


def _embedded(x: Float64, index: int, table: Float64) -> Float64:
    """Return x (steps, n) with the values at an index replaced by rows of the table."""
    category = x[:, index]
    bad = ~((category >= 0) & (category < len(table)) & (category == np.floor(category)))
    if bad.any():
        message = f"invalid embedded index: {category[bad][0]}"
        raise UsageError(message, hint=f"a whole number from 0 to {len(table) - 1}")
    inserted = table[category.astype(np.int64)]
    return np.concatenate([x[:, :index], inserted, x[:, index + 1 :]], axis=1)


def _mixed_up(index: int, n_in: int, steps: int) -> str | None:
    """Say when the C++ takes the number of steps for that of the values behind the category."""
    if index == n_in - 1 or steps == n_in:
        return None
    return (
        f"LWTNN embeds the last value of a step rightly, this is number {index} of {n_in}: the "
        "C++ copies the wrong values behind it without a word"
    )


architectures.register("embedding")(Embedding())
