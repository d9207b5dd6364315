"""Fold a normalization into the dense layers behind it: the order of Par04's decoder.

There normalization comes after the activation (dense, activation, normalization, dense), so it
cannot go into the dense layer in front.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from caloexport.converters.rewrites.editing import edited
from caloexport.converters.rewrites.rounding import rounded, scaled
from caloexport.runtime.network import Network, Node
from caloexport.runtime.product import product


def fold_normalizations_forward(network: Network, dtype: npt.DTypeLike = np.float32) -> Network:
    """Return an equal network without normalizations that only dense layers read.

    (s·x + o)·W + b = x·(diag s·W) + (o·W + b), computed in float64; s = 0 needs no special case.
    """
    for normalization in network.nodes:
        if normalization.kind != "normalization" or normalization.name in network.outputs:
            continue
        normalization = network[normalization.name]
        readers = network.consumers(normalization.name)
        if not readers or any(reader.kind != "dense" for reader in readers):
            continue
        folded = {reader.name: _folded(normalization, reader, dtype) for reader in readers}
        done = {name: node for name, node in folded.items() if node is not None}
        if len(done) == len(folded):
            network = edited(network, done, dropped=normalization.name)
    return network


def _folded(normalization: Node, dense: Node, dtype: npt.DTypeLike) -> Node | None:
    scale = normalization.weights["scale"].astype(np.float64)
    offset = normalization.weights["offset"].astype(np.float64)
    kernel = dense.weights["kernel"]
    return rounded(
        dense,
        dtype,
        kernel=scaled(kernel, scale[:, None], dtype),  # (n_in, n_out) · (n_in, 1)
        bias=product(offset, kernel) + dense.weights["bias"],
    )
