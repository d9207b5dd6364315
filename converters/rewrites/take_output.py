"""Take one output of a network that has several."""

from __future__ import annotations

from caloexport.runtime.network import Network


def take_output(network: Network, output: str) -> Network:
    """Return the network with one output and the nodes behind it; its inputs stay.

    >>> from caloexport.runtime.network import Node
    >>> nodes = [Node(name, "activation", ("x",), {"function": "relu"}) for name in "ab"]
    >>> one = take_output(Network({"x": (2,)}, nodes, ["a", "b"]), "b")
    >>> one.outputs, [node.name for node in one.nodes]
    (('b',), ['b'])
    """
    needed = {output}
    kept = []
    for node in reversed(network.nodes):
        if node.name in needed:
            needed.update(node.inputs)
            kept.append(node)
    return Network(network.inputs, reversed(kept), [output])
