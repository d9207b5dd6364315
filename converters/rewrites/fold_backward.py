"""Fold a normalization into the dense layer or convolution in front of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from caloexport.converters.rewrites.editing import edited
from caloexport.converters.rewrites.rounding import rounded, scaled
from caloexport.runtime.network import Network, Node

#: axis of the kernel that counts the outputs, by layer kind
OUTPUT_AXES = {"dense": -1, "conv": -1, "conv_transpose": -2}


def fold_normalizations_backward(network: Network, dtype: npt.DTypeLike = np.float32) -> Network:
    """Return an equal network without normalizations that alone read a dense layer.

    s·(x·W + b) + o = x·(W·diag s) + (s·b + o), computed in float64; s = 0 needs no special case.
    A convolution is such a product for every cell.
    """
    for normalization in network.nodes:
        if normalization.kind != "normalization":
            continue
        normalization = network[normalization.name]
        source = normalization.inputs[0]
        if source in network.inputs or source in network.outputs:
            continue
        before = network[source]
        if before.kind in OUTPUT_AXES and len(network.consumers(source)) == 1:
            folded = _folded(before, normalization, dtype)
            if folded is not None:
                network = edited(network, {source: folded}, dropped=normalization.name)
    return network


def _folded(before: Node, normalization: Node, dtype: npt.DTypeLike) -> Node | None:
    scale = normalization.weights["scale"].astype(np.float64)
    behind = -1 - OUTPUT_AXES[before.kind]  # axes of the kernel behind that of the outputs
    return rounded(
        before,
        dtype,
        kernel=scaled(before.weights["kernel"], scale.reshape(-1, *(1,) * behind), dtype),
        bias=before.weights["bias"] * scale + normalization.weights["offset"],
    )
