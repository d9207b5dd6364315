"""The support matrix: for every layer kind and activation, what each target says to it."""

from __future__ import annotations

from typing import Any

import numpy as np

from caloexport.converters.targets import targets
from caloexport.runtime.activations import activations
from caloexport.runtime.layers import layers
from caloexport.runtime.network import Network, Node

#: constants that have no default, for the example networks
CONSTANTS: dict[str, dict[str, Any]] = {
    "leaky_relu": {"negative_slope": 0.3},
    "hard_sigmoid": {"slope": 0.2},
    "grouped_softmax": {"groups": [2, 2]},
}


def layer_rows(names: list[str]) -> list[list[str]]:
    """Return one row per layer: its name, then the verdict of each target."""
    rows = [
        [kind, *(_verdict(example(kind), name) for name in names)]
        for kind in layers
        if kind != "activation"
    ]
    for function in activations:
        network = example("activation", function)
        rows.append([f"activation {function}", *(_verdict(network, name) for name in names)])
    network = example("activation", "hard_sigmoid", {"slope": 1 / 6})
    rows.append(["activation hard_sigmoid of Keras 3", *(_verdict(network, n) for n in names)])
    network = example("activation", "swish", beta=np.array([0.5, 1.0, 1.5, 2.0]))
    rows.append(["activation swish, β per unit", *(_verdict(network, n) for n in names)])
    return rows


def example(
    kind: str,
    function: str | None = None,
    attributes: dict[str, Any] | None = None,
    beta: Any = None,
) -> Network:
    """Return a small network: dense, the layer in question, dense."""
    rng = np.random.default_rng(1)

    def dense(name: str, reads: str) -> Node:
        kernel = rng.normal(size=(4, 4)).astype(np.float32)
        return Node(name, "dense", (reads,), {}, {"kernel": kernel, "bias": np.zeros(4, "f4")})

    constants = dict(attributes or CONSTANTS.get(function or "", {}))
    if function:
        constants["function"] = function
    if kind == "reshape":
        constants["shape"] = [4]
    weights: dict[str, Any] = {}
    if function == "swish":
        weights["beta"] = np.ones(1, "f4") if beta is None else beta.astype(np.float32)
    if kind == "normalization":
        weights = {"scale": np.ones(4, "f4"), "offset": np.ones(4, "f4")}
    if kind == "dense":
        return Network({"x": (4,)}, [dense("first", "x")], ["first"])
    several = layers[kind].arity is None
    reads = ("first", "second") if several else ("first",)
    nodes = [dense("first", "x"), *([dense("second", "x")] if several else [])]
    middle = Node("middle", kind, reads, constants, weights)
    nodes.append(middle)
    if kind != "concatenate":
        nodes.append(dense("last", "middle"))
    return Network({"x": (4,)}, nodes, [nodes[-1].name])


def _verdict(network: Network, name: str) -> str:
    target = targets[name]
    if not target.refusals(network):
        return "yes"
    return "rewritten" if not target.refusals(target.prepare(network)) else "no"
