"""Cells that are cut out one by one and joined again, each several times: Keras 2's UpSampling3D."""

from __future__ import annotations

import numpy as np

from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.layers.concatenate import joined_axis
from caloexport.runtime.network import Node


@recognitions.register("repeated slices")
def repeated_slices(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise all slices of one cell along an axis, in order and equally often."""
    if node.kind != "concatenate":
        return None
    slices = [pattern.node(name, "slice") for name in node.inputs]
    first = slices[0]
    if first is None:
        return None
    source = first.inputs[0]
    shape = pattern.shapes[source]
    axis = joined_axis(node, pattern.shapes[node.name])
    starts = [
        one.attributes["start"]
        for one in slices
        if one is not None
        and one.inputs[0] == source
        and (one.attributes["axis"], one.attributes["length"]) == (axis, 1)
    ]
    factor, rest = divmod(len(node.inputs), shape[axis])
    if rest or len(starts) != len(slices):
        return None
    if starts != np.repeat(np.arange(shape[axis]), factor).tolist():
        return None
    factors = [factor if k == axis else 1 for k in range(len(shape))]
    return [Node(node.name, "upsample", (source,), {"factors": factors})]
