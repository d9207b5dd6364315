"""Which of our layers and activations LWTNN has, and under which name."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from caloexport.converters.targets import Refusal
from caloexport.runtime.layers import layers
from caloexport.runtime.network import Network, Node

#: our activation -> LWTNN's name
PLAIN = {
    "linear": "linear",
    "relu": "rectified",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "softmax": "softmax",
    "hard_sigmoid": "hard_sigmoid",
}
#: our activation -> LWTNN's name and the attribute that becomes alpha
WITH_ALPHA = {"elu": ("elu", "alpha"), "leaky_relu": ("leakyrelu", "negative_slope")}
HARD_SIGMOID_SLOPE = 0.2
KINDS = ("dense", "normalization", "activation", "concatenate", "add")
#: LWTNN evaluates a node once per reader, so chains of shortcuts multiply the work
REPEATED_WORK_LIMIT = 100


def activation_to_json(node: Node) -> str | dict[str, Any]:
    """Return an activation node as LWTNN spells it; it must have no :func:`activation_refusal`.

    Leakyrelu, elu and swish are always objects: as bare strings the C++ reads alpha as NaN.
    """
    function = node.attributes["function"]
    if function in PLAIN:
        return PLAIN[function]
    if function == "swish":
        return {"function": "swish", "alpha": float(node.weights["beta"].flat[0])}
    name, key = WITH_ALPHA[function]
    return {"function": name, "alpha": float(node.attributes.get(key, 1.0))}


def activation_refusal(node: Node) -> str | None:
    """Say why LWTNN cannot express an activation node; None when it can."""
    function, given = node.attributes["function"], node.attributes
    if function == "relu":
        slope, threshold = given.get("negative_slope", 0.0), given.get("threshold", 0.0)
        if slope or threshold or given.get("max_value", math.inf) != math.inf:
            return f"LWTNN's rectifier has no slope, maximum or threshold ({dict(given)})"
    elif function == "hard_sigmoid" and not math.isclose(given["slope"], HARD_SIGMOID_SLOPE):
        return f"LWTNN's hard_sigmoid has the slope 0.2, not {given['slope']:g}"
    elif function == "swish" and np.ptp(node.weights["beta"]) > 0:
        return "LWTNN's swish has one β per layer, not one per unit"
    elif function in WITH_ALPHA:
        alpha = given.get(WITH_ALPHA[function][1], 1.0)
        if not math.isfinite(alpha):
            return f"{function} with the parameter {alpha}, expected a finite number"
    elif function not in PLAIN and function != "swish":
        return f"LWTNN has no activation '{function}'"
    return None


def refusals(network: Network) -> list[Refusal]:
    """List what LWTNN cannot express of a network, in the order of the graph, reshapes last."""
    found = [
        Refusal(name, f"LWTNN's inputs are flat, this one has the shape {shape}")
        for name, shape in network.inputs.items()
        if len(shape) != 1
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
    if node.kind not in KINDS:
        return f"LWTNN has no {node.kind} node"
    shapes = [network.shapes[name] for name in node.inputs]
    if any(len(shape) != 1 for shape in shapes):
        return f"LWTNN passes vectors between layers, this one reads the shape {shapes[0]}"
    if node.kind == "add" and len(set(shapes)) > 1:
        return f"LWTNN adds vectors of one size only, these have {[n for (n,) in shapes]}"
    return activation_refusal(node) if node.kind == "activation" else None


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
    """Return the oldest LWTNN release that reads a network.

    2.8 has all the layers and activations that we write; the node ``add`` came with 2.14.
    """
    return "2.14" if any(node.kind == "add" for node in network.nodes) else "2.8"
