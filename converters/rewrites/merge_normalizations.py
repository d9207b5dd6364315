"""Merge normalizations that follow each other into one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from caloexport.converters.rewrites.editing import edited
from caloexport.converters.rewrites.rounding import rounded
from caloexport.runtime.network import Network, Node


def merge_normalizations(network: Network, dtype: npt.DTypeLike = np.float32) -> Network:
    """Return an equal network in which no normalization has another as its only reader.

    s₂·(s₁·x + o₁) + o₂ = (s₂·s₁)·x + (s₂·o₁ + o₂), computed in float64.
    """
    for node in network.nodes:
        first = network[node.name]
        readers = network.consumers(first.name)
        alone = len(readers) == 1 and first.name not in network.outputs
        if first.kind == "normalization" and alone and readers[0].kind == "normalization":
            merged = _merged(first, readers[0], dtype)
            if merged is not None:
                network = edited(network, {readers[0].name: merged}, dropped=first.name)
    return network


def _merged(first: Node, second: Node, dtype: npt.DTypeLike) -> Node | None:
    scale = second.weights["scale"].astype(np.float64)
    return rounded(
        second,
        dtype,
        scale=scale * first.weights["scale"],
        offset=scale * first.weights["offset"] + second.weights["offset"],
    )
