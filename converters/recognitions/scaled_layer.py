"""A normalization behind a layer that has room for it, or that does nothing."""

from __future__ import annotations

import numpy as np

from caloexport.converters.pattern import activation
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.network import Node

BIASED = ("dense", "conv", "conv_transpose")


@recognitions.register("scaled layer")
def scaled_layer(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise a bias behind a matrix, γ and β of a layer normalization, Mul before Add, nothing.

    Only what nobody else reads is taken, so that no matrix is computed twice.
    """
    if node.kind != "normalization":
        return None
    if (node.weights["scale"] == 1).all() and not node.weights["offset"].any():
        return [activation(node.name, node.inputs[0], "linear")]
    first = pattern.node(node.inputs[0])
    if first is None or pattern.readers(first.name) != 1:
        return None
    scale, offset = (node.weights[key].astype(np.float64) for key in ("scale", "offset"))
    if first.kind in BIASED and (scale == 1).all() and not first.weights["bias"].any():
        weights = {"bias": offset}
    elif first.kind == "layer_normalization":
        weights = {
            "gamma": scale * first.weights["gamma"],
            "beta": scale * first.weights["beta"] + offset,
        }
    elif first.kind == "normalization":
        weights = {
            "scale": scale * first.weights["scale"],
            "offset": scale * first.weights["offset"] + offset,
        }
    else:
        return None
    weights = {key: weight.astype(np.float32) for key, weight in weights.items()}
    return [
        Node(node.name, first.kind, first.inputs, first.attributes, {**first.weights, **weights})
    ]
