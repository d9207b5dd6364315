"""Find in a network the layers that an exporter wrote in pieces, until there are none left."""

from __future__ import annotations

from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.converters.rewrites.drop_identities import drop_identities
from caloexport.runtime.network import Network


def recognise(network: Network) -> Network:
    """Return an equal network in which known pieces are the layers they were made from.

    Exact but for rounding: the pieces and the layer are the same function. Layers that nothing
    reads any more are left out.

    Args:
        network: as read literally from a file.
    """
    network = drop_identities(Pattern(network).finished())
    changed = True
    while changed:
        pattern = Pattern(network)
        changed = False
        for node in network.nodes:
            for name in recognitions:
                found = recognitions[name](pattern, pattern.nodes[node.name])
                if found is not None:
                    pattern.replace(node.name, found)
                    changed = True
                    break
        network = drop_identities(pattern.finished())
    return network
