"""Express gates, a·σ(b), by highway layers, for formats that cannot multiply.

A highway layer is c·t + (1 - c)·x with c = σ(x·C + …) and t = x·T + …: where x is 0 it is a
product. Of the vector (0, a, b) its first part is a·σ(b), when T picks out a there and C picks
out b.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Network, Node

#: beyond this many units the matrices, nine times their square each, are too large
UNITS_LIMIT = 256


def gates_as_highway(network: Network) -> Network:
    """Return an equal network whose vectors are gated by highway layers.

    Products of other functions than the logistic one, of sequences, and of more than 256 units
    stay.
    """
    gates = {}
    for node in network.nodes:
        found = _gate(network, node)
        if found is not None:
            gates[node.name] = found
    closed = {
        gate.name
        for _, gate in gates.values()
        if gate.name not in network.outputs
        and all(reader.name in gates for reader in network.consumers(gate.name))
    }
    nodes: list[Node] = []
    for node in network.nodes:
        if node.name in gates:
            nodes += _highway(node, *gates[node.name], network.shapes[node.name][0])
        elif node.name not in closed:
            nodes.append(node)
    return Network(network.inputs, nodes, network.outputs)


def _gate(network: Network, node: Node) -> tuple[str, Node] | None:
    """Return the value and the sigmoid of a product that is a gate."""
    shapes = {network.shapes[name] for name in node.inputs}
    if node.kind != "multiply" or len(node.inputs) != 2 or len(shapes) != 1:
        return None
    (shape,) = shapes
    if len(shape) != 1 or shape[0] > UNITS_LIMIT:
        return None
    for value, name in (node.inputs, node.inputs[::-1]):
        if name not in network.inputs and network[name].attributes.get("function") == "sigmoid":
            return value, network[name]
    return None


def _highway(node: Node, value: str, gate: Node, units: int) -> list[Node]:
    zero, joint, highway = (f"{node.name}:{part}" for part in ("zero", "joint", "highway"))
    nothing: dict[str, Array] = {"scale": np.zeros(units), "offset": np.zeros(units)}
    size, first = 3 * units, np.arange(units)
    weights: dict[str, Array] = {}
    for part, start in (("transform", units), ("carry", 2 * units)):
        kernel = np.zeros((size, size))
        kernel[start + first, first] = 1
        weights |= {f"{part}_kernel": kernel, f"{part}_bias": np.zeros(size)}
    chosen = {"kernel": np.eye(size, units), "bias": np.zeros(units)}
    linear = {"activation": {"function": "linear"}}
    return [
        Node(zero, "normalization", (value,), {}, nothing),
        Node(joint, "concatenate", (zero, value, *gate.inputs)),
        Node(highway, "highway", (joint,), linear, weights),
        replace(node, kind="dense", inputs=(highway,), attributes={}, weights=chosen),
    ]
