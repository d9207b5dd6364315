"""Cells that are repeated by reshapes, permutations and repetitions of axes of size 1."""

from __future__ import annotations

import math

import numpy as np

from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.layers import layers
from caloexport.runtime.network import Node

MOVING = ("permute", "reshape", "upsample")


@recognitions.register("repeated cells")
def repeated_cells(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise a chain that repeats every cell equally often along each axis."""
    chain: list[Node] = []
    first: Node | None = node
    while first is not None and first.kind in MOVING:
        chain.append(first)
        first = pattern.node(first.inputs[0])
    for length in range(len(chain), 2, -1):
        part = chain[:length]
        if not any(step.kind == "upsample" for step in part):
            continue
        source = part[-1].inputs[0]
        factors = _factors(pattern, node, source)
        if factors is not None and _moves_alike(pattern, part, source, factors):
            return [Node(node.name, "upsample", (source,), {"factors": factors})]
    return None


def _factors(pattern: Pattern, node: Node, source: str) -> list[int] | None:
    before, after = pattern.shapes[source], pattern.shapes[node.name]
    if len(before) != len(after) or any(n % m for m, n in zip(before, after, strict=True)):
        return None
    return [n // m for m, n in zip(before, after, strict=True)]


def _moves_alike(pattern: Pattern, chain: list[Node], source: str, factors: list[int]) -> bool:
    """Say whether each place of the end shows the cell that an upsampling would show."""
    shape = pattern.shapes[source]
    cells = np.arange(math.prod(shape), dtype=np.float64).reshape(1, *shape)
    found, wanted = cells, cells
    for step in reversed(chain):
        found = layers[step.kind].evaluate(step, [found])
    for axis, factor in enumerate(factors, start=1):
        wanted = np.repeat(wanted, factor, axis=axis)
    return bool((found == wanted).all())
