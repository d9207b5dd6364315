"""Merge the inputs of a network into one vector, for consumers that feed a single tensor.

Geant4's Par04 reads one input of 14 numbers, yet the training code that ships with it builds a
decoder of four inputs, which its own C++ cannot load.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.network import Network, Node

MERGED = "input"


def merge_inputs(network: Network) -> Network:
    """Return an equal network with one flat input: the old inputs side by side, in their order.

    Exact: the first concatenation disappears, and the rows of the kernels behind it are permuted
    when it joined the inputs in another order.

    Raises:
        UnsupportedError: the inputs do not all meet in one concatenation that only dense layers
            read.
    """
    if len(network.inputs) == 1:
        return network
    joint = _joint(network)
    start, columns = 0, {}
    for name, shape in network.inputs.items():
        columns[name] = np.arange(start, start + math.prod(shape))
        start += math.prod(shape)
    # row k of a kernel behind the concatenation reads column order[k] of the merged input
    order = np.concatenate([columns[name] for name in joint.inputs])
    nodes = []
    for node in network.nodes:
        if node is joint:
            continue
        if joint.name in node.inputs:
            kernel = np.empty_like(node.weights["kernel"])
            kernel[order] = node.weights["kernel"]
            node = replace(node.with_weights(kernel=kernel), inputs=(MERGED,))
        nodes.append(node)
    return Network({MERGED: (start,)}, nodes, network.outputs)


def _joint(network: Network) -> Node:
    """Return the concatenation in which all inputs meet."""
    candidates = [node for node in network.nodes if sorted(node.inputs) == sorted(network.inputs)]
    flat = all(len(shape) == 1 for shape in network.inputs.values())
    if len(candidates) == 1 and candidates[0].kind == "concatenate" and flat:
        joint = candidates[0]
        alone = all(network.consumers(name) == [joint] for name in network.inputs)
        dense = all(node.kind == "dense" for node in network.consumers(joint.name))
        if alone and dense and joint.name not in network.outputs:
            return joint
    message = (
        f"its {len(network.inputs)} inputs ({', '.join(network.inputs)}) do not meet in one "
        "concatenation in front of dense layers, so they cannot become a single vector"
    )
    raise UnsupportedError(message, hint="concatenate all inputs before the first dense layer")
