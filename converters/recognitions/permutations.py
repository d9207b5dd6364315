"""Permutations, reshapes and upsamplings that follow each other: one, or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport.converters.pattern import activation
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.network import Node


@recognitions.register("permutations")
def permutations(pattern: Pattern, node: Node) -> list[Node] | None:
    """Join two layers that only move values; one that moves nothing becomes the identity."""
    if node.kind not in ("permute", "reshape", "upsample"):
        return None
    first = pattern.node(node.inputs[0], node.kind)
    source = node.inputs[0] if first is None else first.inputs[0]
    if node.kind == "reshape":
        return _reshaped(pattern, node, source)
    if node.kind == "upsample":
        before = [1] * len(pattern.shapes[source]) if first is None else first.attributes["factors"]
        factors = [a * b for a, b in zip(before, node.attributes["factors"], strict=True)]
        return _or_nothing(node, source, {"factors": factors}, max(factors) == 1, first)
    order = list(node.attributes["order"])
    if first is not None:
        order = [first.attributes["order"][axis] for axis in order]
    moved = [axis for axis in order if pattern.shapes[source][axis] > 1]
    if moved == sorted(moved) and order != sorted(order):  # only axes of one value move
        return [Node(node.name, "reshape", (source,), {"shape": list(pattern.shapes[node.name])})]
    return _or_nothing(node, source, {"order": order}, order == sorted(order), first)


def _reshaped(pattern: Pattern, node: Node, source: str) -> list[Node] | None:
    nothing = pattern.shapes[source] == pattern.shapes[node.name]
    joined = source != node.inputs[0]
    return _or_nothing(node, source, node.attributes, nothing, node if joined else None)


def _or_nothing(
    node: Node, source: str, attributes: Mapping[str, Any], nothing: bool, first: Node | None
) -> list[Node] | None:
    """Return the joint layer, the identity where it moves nothing, None where there is no first."""
    if nothing:
        return [activation(node.name, source, "linear")]
    return None if first is None else [Node(node.name, node.kind, (source,), attributes)]
