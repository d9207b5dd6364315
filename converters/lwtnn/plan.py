"""From a network to the nodes and layers of an LWTNN graph, without copying weights."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from caloexport.converters.lwtnn.vocabulary import activation_to_json
from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Network, Node

#: offset/scale beyond this would overflow where the C++ runs in float
LARGEST_RATIO = 1e30


@dataclass(frozen=True, eq=False)
class PlannedLayer:
    """One entry of ``layers``.

    Attributes:
        architecture: ``"dense"`` or ``"normalization"``.
        weights: (n_in, n_out) for dense, (units,) for normalization; None stands for ``[]``.
        bias: (n_out,), or None for ``[]``.
        activation: as JSON; None where the architecture takes none.
    """

    architecture: str
    weights: Array | None
    bias: Array | None
    activation: str | dict[str, Any] | None


@dataclass
class Plan:
    """A graph ready to be written.

    Attributes:
        nodes: as JSON.
        layers: what the nodes' ``layer_index`` counts.
        output: index of the output node.
    """

    nodes: list[dict[str, Any]] = field(default_factory=list)
    layers: list[PlannedLayer] = field(default_factory=list)
    output: int = 0


def make_plan(network: Network) -> Plan:
    """Lay out a network that LWTNN can express (see ``vocabulary.refusals``).

    An activation is merged into the dense layer before it when nobody else reads that layer.
    """
    plan, index = Plan(), {}
    for k, (name, shape) in enumerate(network.inputs.items()):
        plan.nodes.append({"type": "input", "name": name, "sources": [k], "size": shape[0]})
        index[name] = k
    merged = {}
    for node in network.nodes:
        if node.name in merged:
            index[node.name] = index[node.inputs[0]]
            continue
        sources = [index[name] for name in node.inputs]
        if node.kind in ("concatenate", "add"):
            plan.nodes.append({"type": node.kind, "name": node.name, "sources": sources})
        else:
            follower = _mergeable(network, node)
            if follower is not None:
                merged[follower.name] = node.name
            for layer in _layers(node, follower):
                _append(plan, node.name, sources, layer)
                sources = [len(plan.nodes) - 1]
        index[node.name] = len(plan.nodes) - 1
    plan.output = index[network.outputs[0]]
    return plan


def _append(plan: Plan, name: str, sources: list[int], layer: PlannedLayer) -> None:
    plan.nodes.append(
        {"type": "feed_forward", "name": name, "sources": sources, "layer_index": len(plan.layers)}
    )
    plan.layers.append(layer)


def _mergeable(network: Network, node: Node) -> Node | None:
    """Return the activation that can become part of a dense node, if any."""
    readers = network.consumers(node.name)
    if node.kind == "dense" and len(readers) == 1 and node.name not in network.outputs:
        return readers[0] if readers[0].kind == "activation" else None
    return None


def _layers(node: Node, follower: Node | None) -> list[PlannedLayer]:
    if node.kind == "dense":
        activation = "linear" if follower is None else activation_to_json(follower)
        return [PlannedLayer("dense", node.weights["kernel"], node.weights["bias"], activation)]
    if node.kind == "activation":
        return [PlannedLayer("dense", None, None, activation_to_json(node))]
    return _normalization(node)


def _normalization(node: Node) -> list[PlannedLayer]:
    """Return y = scale·x + offset in LWTNN's form, y = weights·(x + bias).

    Where scale is 0 no bias gives the offset; there a layer that only adds it follows.
    """
    scale = node.weights["scale"].astype(np.float64)
    offset = node.weights["offset"].astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        bias = np.where(offset == 0, 0.0, offset / scale)
    if np.all(np.abs(bias) < LARGEST_RATIO):
        return [PlannedLayer("normalization", scale, bias, None)]
    return [
        PlannedLayer("normalization", scale, np.zeros_like(scale), None),
        PlannedLayer("dense", None, offset, "linear"),
    ]
