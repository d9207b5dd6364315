"""Give the outputs of a network in another order, for consumers that number the cells differently.

A permutation passes through element-wise layers and becomes one of the columns of the dense layer
behind them, at no cost and without rounding.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from caloexport.converters.free_names import primed
from caloexport.runtime.activations import activations
from caloexport.runtime.arrays import Integers
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.network import Network, Node

#: weights of a matrix that only permutes, where a permutation finds no dense layer
MATRIX_LIMIT = 4_000_000


def rearrange(network: Network, order: Integers) -> Network:
    """Return the network with the flat output ``y[order]``.

    Args:
        network: of one flat output; see :func:`flattened`.
        order: for each new place, the old one; a place may be missing or appear twice.

    Raises:
        UnsupportedError: the last layers mix the cells, and there are too many for a matrix.
    """
    if np.array_equal(order, np.arange(network.n_outputs)):
        return network
    changed = _through(network, order)
    if changed is not None:
        return changed
    last = network.outputs[0]
    if network.n_outputs * len(order) > MATRIX_LIMIT:
        message = (
            f"the order of its {network.n_outputs} outputs cannot be changed: no dense layer "
            "followed by element-wise ones makes them"
        )
        raise UnsupportedError(message, hint="train in the order of the consumer")
    kernel = np.zeros((network.n_outputs, len(order)), dtype=np.float32)
    kernel[order, np.arange(len(order))] = 1
    weights = {"kernel": kernel, "bias": np.zeros(len(order), np.float32)}
    name = unused(network, f"{last}:rearranged")
    node = Node(name, "dense", (last,), {}, weights)
    return Network(network.inputs, [*network.nodes, node], [name])


def can_rearrange(network: Network, order: Integers) -> bool:
    """Say whether :func:`rearrange` can do it."""
    small = network.n_outputs * len(order) <= MATRIX_LIMIT
    return small or _through(network, order) is not None


def flattened(network: Network) -> Network:
    """Return the network with a flat output: a last reshape is dropped, or one is added."""
    last = network.outputs[0]
    if len(network.shapes[last]) == 1:
        return network
    if last not in network.inputs and network[last].kind == "reshape":
        source = network[last].inputs[0]
        if len(network.shapes[source]) == 1 and not network.consumers(last):
            nodes = [node for node in network.nodes if node.name != last]
            return Network(network.inputs, nodes, [source])
    name = unused(network, f"{last}:flat")
    flat = Node(name, "reshape", (last,), {"shape": [network.n_outputs]})
    return Network(network.inputs, [*network.nodes, flat], [name])


def unused(network: Network, wanted: str) -> str:
    """Return a name that no value of the network has."""
    return primed(wanted, network.shapes)


def _through(network: Network, order: Integers) -> Network | None:
    """Return the network permuted in a dense layer near its end; None when there is none."""
    changed: dict[str, Node] = {}
    name = network.outputs[0]
    while name not in network.inputs and len(network.shapes[name]) == 1:
        node = network[name]
        if len(network.consumers(name)) != (1 if changed else 0):
            return None
        if node.kind == "dense":
            weights = {"kernel": node.weights["kernel"][:, order]}
            changed[name] = node.with_weights(bias=node.weights["bias"][order], **weights)
            nodes = [changed.get(one.name, one) for one in network.nodes]
            return Network(network.inputs, nodes, network.outputs)
        if not _by_unit(node):
            return None
        units = network.shapes[name][0]
        weights = {
            key: weight[order] if weight.size == units > 1 else weight
            for key, weight in node.weights.items()
        }
        changed[name] = replace(node, weights=weights)
        (name,) = node.inputs
    return None


def _by_unit(node: Node) -> bool:
    """Say whether a layer does the same to each value of a vector, wherever it stands."""
    if node.kind == "activation":
        return activations[node.attributes["function"]].elementwise
    return node.kind in ("normalization", "dropout")
