"""Take out the nodes that do nothing: dropout, linear activations, reshapes before reshapes."""

from __future__ import annotations

from caloexport.converters.rewrites.editing import edited
from caloexport.runtime.network import Network, Node


def drop_identities(network: Network) -> Network:
    """Return an equal network without nodes that pass on their input; bit for bit the same.

    An output that such a node made gets the name of the node before it.

    >>> nodes = [Node("a", "activation", ("x",), {"function": "tanh"}), Node("b", "dropout", ("a",))]
    >>> drop_identities(Network({"x": (2,)}, nodes, ["b"])).outputs
    ('a',)
    """
    for node in network.nodes:
        if _does_nothing(network, network[node.name]):
            network = edited(network, dropped=node.name)
    return network


def _does_nothing(network: Network, node: Node) -> bool:
    if node.kind == "activation":
        return bool(node.attributes.get("function") == "linear")
    if node.kind == "reshape":
        readers = network.consumers(node.name)
        again = bool(readers) and all(reader.kind == "reshape" for reader in readers)
        same = network.shapes[node.name] == network.shapes[node.inputs[0]]
        return same or (again and node.name not in network.outputs)
    return node.kind == "dropout"
