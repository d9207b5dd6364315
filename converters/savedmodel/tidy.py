"""Put together what graphs spell out: a bias as an operator of its own, detours through shapes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from caloexport.converters.rewrites.drop_identities import drop_identities
from caloexport.converters.rewrites.editing import edited
from caloexport.converters.rewrites.merge_normalizations import merge_normalizations
from caloexport.runtime.network import Network, Node

BIASED = ("dense", "conv", "conv_transpose")


def tidy(network: Network) -> Network:
    """Return an equal network in the terms of layers."""
    network = join_repeats(drop_identities(network))
    network = join_biases(straighten(network))
    return merge_normalizations(network)


def join_biases(network: Network) -> Network:
    """Return an equal network whose layers have the bias that follows them; bit for bit the same.

    A bias joins a layer that has none yet and that nothing else reads.
    """
    for name in [node.name for node in network.nodes]:
        node = network[name]
        if node.kind != "normalization" or (node.weights["scale"] != 1).any():
            continue
        layer = _only_source(network, node)
        free = layer is not None and layer.kind in BIASED and not layer.weights["bias"].any()
        if layer is None or not free:
            continue
        if node.weights["offset"].shape == layer.weights["bias"].shape:
            offset = np.asarray(node.weights["offset"], dtype=layer.weights["kernel"].dtype)
            joined = layer.with_weights(bias=offset)
            network = edited(network, {layer.name: joined}, dropped=node.name)
    return network


def straighten(network: Network) -> Network:
    """Return an equal network whose dense layers work on the last of many axes.

    TensorFlow multiplies matrices alone: it folds the other axes, multiplies, and unfolds them.
    """
    for name in [node.name for node in network.nodes if node.kind == "dense"]:
        readers = network.consumers(name)
        fold = _only_source(network, network[name])
        if fold is None or fold.kind != "reshape" or len(readers) != 1 or name in network.outputs:
            continue
        before = network.shapes[fold.inputs[0]]
        after = network.shapes[readers[0].name]
        units = network.shapes[name][-1]
        same = before[-1] == network.shapes[fold.name][-1] and after == (*before[:-1], units)
        if readers[0].kind == "reshape" and same:
            ends = {name: replace(network[name], inputs=fold.inputs)}
            network = _without(network, {fold.name}, ends, {readers[0].name: name})
    return network


def join_repeats(network: Network) -> Network:
    """Return an equal network whose axes repeat their values without an axis of their own.

    A repeat is written as a new axis of size 1 behind another, repeated and folded into it.
    """
    for name in [node.name for node in network.nodes if node.kind == "upsample"]:
        readers = network.consumers(name)
        expand = _only_source(network, network[name])
        if expand is None or len(readers) != 1 or name in network.outputs:
            continue
        fold, factors = readers[0], list(network[name].attributes["factors"])
        before, after = network.shapes[expand.inputs[0]], network.shapes[fold.name]
        axes = [k for k, factor in enumerate(factors) if factor > 1]
        if (
            expand.kind != "reshape"
            or fold.kind != "reshape"
            or len(axes) != 1
            or not axes[0]
            or len(before) < axes[0]
        ):
            continue
        axis, factor = axes[0] - 1, factors[axes[0]]
        longer = (*before[:axis], before[axis] * factor, *before[axis + 1 :])
        expanded = (*before[: axis + 1], 1, *before[axis + 1 :])
        if network.shapes[expand.name] == expanded and after == longer:
            plain = [factor if k == axis else 1 for k in range(len(before))]
            node = Node(fold.name, "upsample", expand.inputs, {"factors": plain})
            network = _without(network, {name, expand.name}, {fold.name: node}, {})
    return network


def _without(
    network: Network, gone: set[str], changed: dict[str, Node], stand_in: dict[str, str]
) -> Network:
    """Return the network with nodes taken out, replaced, and read in place of others."""
    nodes = [
        replace(node, inputs=tuple(stand_in.get(i, i) for i in node.inputs))
        for node in (changed.get(n.name, n) for n in network.nodes)
        if node.name not in gone and node.name not in stand_in
    ]
    return Network(network.inputs, nodes, [stand_in.get(n, n) for n in network.outputs])


def _only_source(network: Network, node: Node) -> Node | None:
    """Return the node that a node reads, if nothing else reads it."""
    source = node.inputs[0]
    if source in network.inputs or source in network.outputs:
        return None
    return network[source] if len(network.consumers(source)) == 1 else None
