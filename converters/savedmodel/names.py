"""Short names for layers, from the scopes of the operators that they come from."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from caloexport.converters.free_names import numbered
from caloexport.runtime.network import Network, Node

#: kinds that give their scope its name when it holds several layers
LEADING = ("dense", "conv", "conv_transpose", "normalization", "layer_normalization", "upsample")
#: scopes that TensorFlow and Keras open inside a layer
INNER = re.compile(
    r"(batchnorm|moments|Repeat|Tensordot|Gelu|conv_transpose|convolution|Softplus)(_\d+)?"
)


def readable(network: Network) -> Network:
    """Return the network with the last scopes as names: ``decoder/dense_1/MatMul`` is ``dense_1``.

    Where a scope holds several layers, the first of the leading kind has its name, an activation
    is ``dense_1_activation``, and the others keep the operator's name behind it.
    """
    taken = set(network.inputs)
    names: dict[str, str] = {}
    scopes = Counter(_scope(node) for node in network.nodes)
    for leading in (True, False):
        for node in network.nodes:
            scope = _scope(node)
            leads = scope != "" and (scopes[scope] == 1 or node.kind in LEADING)
            if node.name in names or leads != leading:
                continue
            wanted = scope if leads and scope not in taken else _second_name(node, scope)
            names[node.name] = numbered(wanted, taken)
            taken.add(names[node.name])
    nodes = [
        replace(n, name=names[n.name], inputs=tuple(names.get(i, i) for i in n.inputs))
        for n in network.nodes
    ]
    return Network(network.inputs, nodes, [names.get(n, n) for n in network.outputs])


def _scope(node: Node) -> str:
    scopes = node.name.split("/")[:-1]
    while len(scopes) > 1 and INNER.fullmatch(scopes[-1]):
        scopes.pop()
    return scopes[-1] if scopes else ""


def _second_name(node: Node, scope: str) -> str:
    if not scope:
        return node.name
    return f"{scope}_activation" if node.kind == "activation" else f"{scope}/{_operator(node)}"


def _operator(node: Node) -> str:
    return node.name.split("/")[-1]
