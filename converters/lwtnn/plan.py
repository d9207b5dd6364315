"""From a network to the nodes and layers of an LWTNN graph, without copying weights."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from caloexport.converters.lwtnn.activation import Activation
from caloexport.converters.lwtnn.architectures import for_kind
from caloexport.converters.lwtnn.layer import Layer, Part
from caloexport.runtime.activations import activations
from caloexport.runtime.network import Network, Node

#: what merges with an activation behind it
WITH_ACTIVATION = ("dense", "conv")


@dataclass
class Plan:
    """A graph ready to be written.

    Attributes:
        nodes: as JSON.
        layers: what the nodes' ``layer_index`` counts.
        output: index of the output node.
    """

    nodes: list[dict[str, Any]] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)
    output: int = 0

    def append(self, kind: str, name: str, sources: list[int], **more: int) -> int:
        """Add a node and return its index."""
        self.nodes.append({"type": kind, "name": name, "sources": sources, **more})
        return len(self.nodes) - 1


def make_plan(network: Network) -> Plan:
    """Lay out a network that LWTNN can express (see ``vocabulary.refusals``).

    An activation is merged into the layer before it when nobody else reads that layer. The last
    step of a sequence is the same node, read by a node that takes vectors.
    """
    plan, index = Plan(), _inputs(network)
    for name, (kind, source, size) in index.items():
        plan.append(kind, name, [source], size=size)
    places = {name: k for k, name in enumerate(index)}
    merged = set()
    for node in network.nodes:
        sources = [places[name] for name in node.inputs]
        if node.name in merged or node.kind in ("slice", "reshape"):
            places[node.name] = sources[0]
        elif node.kind in ("concatenate", "add"):
            places[node.name] = plan.append(node.kind, node.name, sources)
        elif node.kind == "reduce":
            places[node.name] = plan.append("sum", node.name, sources)
        else:
            follower = _mergeable(network, node)
            if follower is not None:
                merged.add(follower.name)
            places[node.name] = _add_layers(plan, network, node, follower, sources[0])
    plan.output = _ended(plan, network, places[network.outputs[0]])
    return plan


def _inputs(network: Network) -> dict[str, tuple[str, int, int]]:
    """Return node type, index among its like and size of every input."""
    found: dict[str, tuple[str, int, int]] = {}
    for name, shape in network.inputs.items():
        kind = "input" if len(shape) == 1 else "input_sequence"
        found[name] = kind, sum(kind == other for other, *_ in found.values()), shape[-1]
    return found


def _add_layers(
    plan: Plan, network: Network, node: Node, follower: Node | None, source: int
) -> int:
    """Add the layers of a node, the last with its name, and return the index of the last."""
    architecture = for_kind(node.kind)
    if architecture is None:
        message = f"LWTNN has no {node.kind} node"
        raise ValueError(message)
    rank = len(network.shapes[node.inputs[0]])
    kind = "feed_forward" if rank == 1 else "time_distributed"
    layers = architecture.layers(node, follower)
    for k, layer in enumerate(layers, 1):
        name = node.name if k == len(layers) else f"{node.name}:{layer.architecture}"
        own = "sequence" if architecture.sequence else kind
        source = plan.append(own, name, [source], layer_index=len(plan.layers))
        plan.layers.append(layer)
    return source


def _ended(plan: Plan, network: Network, last: int) -> int:
    """Return the output node; a sequence ends in one that the C++ can take for nothing else.

    Of a node ``sequence`` the caller may want the whole (``scan``) or the last step (``compute``).
    """
    if not ends_in_sequence(network) or plan.nodes[last]["type"] != "sequence":
        return last
    nothing = Part(np.zeros(0), np.zeros(0))
    plan.layers.append(Layer("dense", nothing, activation=Activation("linear")))
    name = f"{plan.nodes[last]['name']}:sequence"
    return plan.append("time_distributed", name, [last], layer_index=len(plan.layers) - 1)


def ends_in_sequence(network: Network) -> bool:
    """Say whether the output is a sequence for LWTNN; a reshape at the end makes none."""
    name = network.outputs[0]
    reshaped = any(node.name == name and node.kind == "reshape" for node in network.nodes)
    return len(network.shapes[name]) == 2 and not reshaped


def _mergeable(network: Network, node: Node) -> Node | None:
    """Return the activation that can become part of a layer, if any."""
    readers = network.consumers(node.name)
    alone = len(readers) == 1 and node.name not in network.outputs
    if node.kind not in WITH_ACTIVATION or not alone or readers[0].kind != "activation":
        return None
    function = activations[readers[0].attributes["function"]]
    # a convolution would apply softmax over the steps
    return readers[0] if node.kind == "dense" or function.elementwise else None


def gives_sequence_node(network: Network, name: str) -> bool:
    """Say whether LWTNN holds a layer in a node of type ``sequence``, alone or merged."""
    node = next((node for node in network.nodes if node.name == name), None)
    if node is not None and node.kind == "activation":
        before = next((n for n in network.nodes if n.name == node.inputs[0]), None)
        if before is not None and _mergeable(network, before) is node:
            node = before
    architecture = None if node is None else for_kind(node.kind)
    return architecture is not None and architecture.sequence
