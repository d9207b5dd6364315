"""Fold a normalization into the dense layer in front of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from caloexport.converters.rewrites.editing import edited
from caloexport.converters.rewrites.rounding import rounded
from caloexport.runtime.network import Network, Node


def fold_normalizations_backward(network: Network, dtype: npt.DTypeLike = np.float32) -> Network:
    """Return an equal network without normalizations that are a dense layer's only reader.

    s·(x·W + b) + o = x·(W·diag s) + (s·b + o), computed in float64; s = 0 needs no special case.
    """
    for normalization in network.nodes:
        if normalization.kind != "normalization":
            continue
        normalization = network[normalization.name]
        source = normalization.inputs[0]
        if source in network.inputs or source in network.outputs:
            continue
        dense = network[source]
        if dense.kind == "dense" and len(network.consumers(source)) == 1:
            folded = _folded(dense, normalization, dtype)
            if folded is not None:
                network = edited(network, {source: folded}, dropped=normalization.name)
    return network


def _folded(dense: Node, normalization: Node, dtype: npt.DTypeLike) -> Node | None:
    scale = normalization.weights["scale"].astype(np.float64)
    return rounded(
        dense,
        dtype,
        kernel=dense.weights["kernel"] * scale,  # (n_in, n_out) · (n_out,)
        bias=dense.weights["bias"] * scale + normalization.weights["offset"],
    )
