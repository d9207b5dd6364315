"""Keep one of several outputs, and the layers that it needs."""

from __future__ import annotations

from caloexport.runtime.network import Network


def one_output(network: Network, name: str) -> Network:
    """Return the network that gives one of its outputs; its inputs stay, read or not.

    >>> from caloexport.runtime.network import Node
    >>> nodes = [Node(name, "activation", ("x",), {"function": "tanh"}) for name in "ab"]
    >>> [node.name for node in one_output(Network({"x": (2,)}, nodes, "ab"), "b").nodes]
    ['b']
    """
    needed = {name}
    for node in reversed(network.nodes):
        if node.name in needed:
            needed.update(node.inputs)
    return Network(network.inputs, [n for n in network.nodes if n.name in needed], [name])
