"""Short names for layers, from the scopes of the operators that they come from."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from caloexport.runtime.network import Network, Node

#: kinds that give their scope its name when it holds several layers
LEADING = ("dense", "conv", "conv_transpose", "normalization", "layer_normalization")


def readable(network: Network) -> Network:
    """Return the network with the last scopes as names: ``decoder/dense_1/MatMul`` is ``dense_1``.

    Where a scope holds several layers, the first of the leading kind has its name, and the others
    keep the operator's behind it: ``dense_1/Sigmoid``.
    """
    taken = set(network.inputs)
    names: dict[str, str] = {}
    scopes = Counter(_scope(node) for node in network.nodes)
    for leading in (True, False):
        for node in network.nodes:
            scope, alone = _scope(node), scopes[_scope(node)] == 1
            leads = scope != "" and (alone or node.kind in LEADING)
            if node.name in names or leads != leading:
                continue
            wanted = scope if leads and scope not in taken else _with_operator(node)
            names[node.name] = _free(wanted, taken)
            taken.add(names[node.name])
    nodes = [
        replace(n, name=names[n.name], inputs=tuple(names.get(i, i) for i in n.inputs))
        for n in network.nodes
    ]
    return Network(network.inputs, nodes, [names.get(n, n) for n in network.outputs])


def _scope(node: Node) -> str:
    return node.name.split("/")[-2] if "/" in node.name else ""


def _with_operator(node: Node) -> str:
    return "/".join(node.name.split("/")[-2:])


def _free(name: str, taken: set[str]) -> str:
    free, count = name, 1
    while free in taken:
        count += 1
        free = f"{name}_{count}"
    return free
