"""Which of our layers LWTNN has, and since when."""

from __future__ import annotations

from caloexport.converters.lwtnn.architectures import architectures, for_kind
from caloexport.converters.lwtnn.plan import gives_sequence_node, make_plan
from caloexport.converters.targets import Refusal
from caloexport.runtime.layers import layers
from caloexport.runtime.network import Network, Node

#: LWTNN evaluates a node once per reader, so chains of shortcuts multiply the work
REPEATED_WORK_LIMIT = 100
#: node types that came later than LWTNN 2.8
NODES_SINCE = {"sum": "2.9", "add": "2.14"}
OLDEST = "2.8"


def refusals(network: Network) -> list[Refusal]:
    """List what LWTNN cannot express of a network, in the order of the graph, reshapes last."""
    found = [
        Refusal(name, f"LWTNN's inputs are vectors or sequences, this one has the shape {shape}")
        for name, shape in network.inputs.items()
        if len(shape) > 2
    ]
    # a reshape is only in the way of another layer that looks at axes: name that one first
    for node in sorted(network.nodes, key=lambda node: node.kind == "reshape"):
        reason = _refusal(network, node)
        if reason is not None:
            found.append(Refusal(node.name, reason))
    if not found and (repeated := _repeated_work(network)) > REPEATED_WORK_LIMIT:
        reason = (
            "LWTNN evaluates a layer once for each layer that reads it; the branches of this "
            f"network would cost it {repeated:.0f} times the work"
        )
        found.append(Refusal(network.outputs[0], reason))
    return found


def _refusal(network: Network, node: Node) -> str | None:
    shapes = [network.shapes[name] for name in node.inputs]
    architecture = for_kind(node.kind)
    if architecture is None and node.kind not in SPECIAL:
        return f"LWTNN has no {node.kind} node"
    if any(len(shape) > 2 for shape in shapes):
        return f"LWTNN passes vectors and sequences between layers, this one reads {shapes[0]}"
    if architecture is not None:
        return architecture.refusal(network, node)
    return SPECIAL[node.kind](network, node)


def _joined(network: Network, node: Node) -> str | None:
    shapes = [network.shapes[name] for name in node.inputs]
    if any(len(shape) != 1 for shape in shapes):
        return f"LWTNN joins and adds vectors, not sequences of the shape {shapes[0]}"
    if node.kind == "add" and len(set(shapes)) > 1:
        return f"LWTNN adds vectors of one size only, these have {[n for (n,) in shapes]}"
    return None


def _reduced(network: Network, node: Node) -> str | None:
    given = node.attributes
    shape = network.shapes[node.inputs[0]]
    sums_steps = (
        len(shape) == 2
        and given["function"] == "sum"
        and list(given["axes"]) == [0]
        and not given.get("keep", False)
    )
    if sums_steps:
        return None
    axes = list(given["axes"])
    return f"LWTNN sums over the steps of a sequence, this is the {given['function']} over {axes}"


def _sliced(network: Network, node: Node) -> str | None:
    shape, given = network.shapes[node.inputs[0]], node.attributes
    last = len(shape) == 2 and given["axis"] == 0 and given["length"] == 1
    if not last or given["start"] != shape[0] - 1:
        return "LWTNN takes the last step of a sequence, and no other part"
    if not gives_sequence_node(network, node.inputs[0]):
        return (
            "LWTNN takes the last step of what a recurrent layer, an embedding or a convolution "
            f"gives, not of '{node.inputs[0]}'"
        )
    if any(reader.kind != "reshape" for reader in network.consumers(node.name)):
        return "LWTNN takes the last step of a sequence as a vector"
    return None


def _reshaped(network: Network, node: Node) -> str | None:
    shape = network.shapes[node.inputs[0]]
    if node.name in network.outputs and len(shape) == 1 and not network.consumers(node.name):
        return None  # the values keep their order
    producer = next((n for n in network.nodes if n.name == node.inputs[0]), None)
    if producer is not None and producer.kind == "slice" and len(network.shapes[node.name]) == 1:
        return None
    return "LWTNN cannot make a vector of a sequence or a sequence of a vector"


SPECIAL = {
    "add": _joined,
    "concatenate": _joined,
    "reduce": _reduced,
    "slice": _sliced,
    "reshape": _reshaped,
}


def _repeated_work(network: Network) -> float:
    """Return LWTNN's operations over those of an evaluation that visits each layer once."""
    visits = dict.fromkeys(network.shapes, 0)
    visits[network.outputs[0]] = 1
    once = repeated = 0
    for node in reversed(network.nodes):
        cost = layers[node.kind].flops(node, [network.shapes[name] for name in node.inputs])
        once += cost * min(visits[node.name], 1)
        repeated += cost * visits[node.name]
        for name in node.inputs:
            visits[name] += visits[node.name]
    return repeated / max(once, 1)


def minimum_version(network: Network) -> str:
    """Return the oldest LWTNN release that reads what is written of a network."""
    plan = make_plan(network)
    since = [NODES_SINCE.get(node["type"], OLDEST) for node in plan.nodes]
    since += [architectures[layer.architecture].since for layer in plan.layers]
    return max(since, key=lambda version: [int(part) for part in version.split(".")])
