"""Which values of a network are sequences, for formats that know vectors and sequences."""

from __future__ import annotations

from caloexport.runtime.network import Network, Node

#: kinds that make a sequence of a sequence, or a vector of it, step by step
STEPWISE = (
    "activation",
    "dense",
    "dropout",
    "embedding",
    "gru",
    "highway",
    "lstm",
    "maxout",
    "normalization",
    "simple_rnn",
)


def sequences(network: Network) -> set[str]:
    """Return the inputs of two axes that are read step by step, and what is made of them.

    An input that anything else reads, a flatten for example, counts as a table of values; so does
    one that meets values of another kind.
    """
    roots = {name for name, shape in network.inputs.items() if len(shape) == 2}
    while True:
        origin = {name: {name} for name in roots}
        broken: set[str] = set()
        for node in network.nodes:
            read = [origin[name] for name in node.inputs if name in origin]
            if not read:
                continue
            if len(read) > 1 or len(node.inputs) > 1 or not _keeps_steps(network, node):
                broken = broken.union(*read)
            if len(network.shapes[node.name]) > 1:
                origin[node.name] = set().union(*read)
        if not broken:
            return set(origin)
        roots -= broken


def _keeps_steps(network: Network, node: Node) -> bool:
    (source,) = node.inputs
    shape, given = network.shapes[source], node.attributes
    if node.kind == "reduce":
        whole = list(given["axes"]) == [0] and not given.get("keep", False)
        return whole and given["function"] == "sum"
    if node.kind == "slice":
        return bool(given["axis"] == 0 and given["length"] == 1 and given["start"] == shape[0] - 1)
    if node.kind == "reshape":  # the last step becomes a vector
        return source not in network.inputs and network[source].kind == "slice"
    if node.kind == "conv":  # other strides and groups are but matrices
        return len(shape) == 2 and list(given["strides"]) == [1] and given["groups"] == 1
    return node.kind in STEPWISE
