"""Find, replace and remove nodes of a network: what rewrites share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from caloexport.runtime.network import Network, Node


def edited(
    network: Network, changed: Mapping[str, Node] | None = None, dropped: str | None = None
) -> Network:
    """Return the network with some nodes replaced and one taken out.

    Args:
        network: the network.
        changed: new nodes by the name of the node that they replace.
        dropped: a node of one input; whatever read it reads its input instead, and where it was
            an output of the network, its input becomes the output.
    """
    changed = changed or {}
    stand_in = {} if dropped is None else {dropped: network[dropped].inputs[0]}
    nodes = []
    for node in network.nodes:
        if node.name == dropped:
            continue
        node = changed.get(node.name, node)
        nodes.append(replace(node, inputs=tuple(stand_in.get(n, n) for n in node.inputs)))
    return Network(network.inputs, nodes, [stand_in.get(n, n) for n in network.outputs])


def own_dense(network: Network, node: Node) -> Node | None:
    """Return the dense node that only ``node`` reads, if its input comes from one."""
    (name,) = node.inputs
    if name in network.inputs or name in network.outputs or len(network.consumers(name)) > 1:
        return None
    return network[name] if network[name].kind == "dense" else None
