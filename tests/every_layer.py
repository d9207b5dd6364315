"""One small network for every layer kind and every activation with its options."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from caloexport.runtime.activations import activations
from caloexport.runtime.arrays import Float32
from caloexport.runtime.layers import layers
from caloexport.runtime.network import Network, Node
from tests.networks import dense

UNITS = 6

#: constants and trained parameters to try; an activation that is not listed has none
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "celu": [{"alpha": 1.0}, {"alpha": 0.4}],
    "clip": [{"minimum": -1.0, "maximum": 2.5}, {"minimum": -0.5}, {"maximum": 0.5}],
    "elu": [{"alpha": 1.0}, {"alpha": 0.7}],
    "gelu": [{"approximate": 0.0}, {"approximate": 1.0}],
    "grouped_softmax": [{"groups": [2, 4]}, {"groups": [3]}],
    "hard_shrink": [{}, {"threshold": 1.5}],
    "hard_sigmoid": [{"slope": 0.2}, {"slope": 1 / 6}],
    "leaky_relu": [{"negative_slope": 0.3}, {"negative_slope": 1.5}],
    "prelu": [{"alpha": [0.2]}, {"alpha": [0.2, -0.5, 0.0, 1.0, 2.5, 0.7]}],
    "relu": [
        {},
        {"negative_slope": 0.1},
        {"max_value": 6.0},
        {"threshold": 0.5},
        {"negative_slope": 0.1, "threshold": 0.5, "max_value": 6.0},
    ],
    "soft_shrink": [{}, {"threshold": 1.5}],
    "squareplus": [{}, {"b": 0.5}, {"b": 0.0}],
    "swish": [{"beta": [0.8]}, {"beta": [0.2, 0.5, 1.0, 1.5, -1.0, 3.0]}],
    "threshold": [{"threshold": 0.5, "value": 0.0}, {"threshold": -1.0, "value": 0.3}],
}

#: where a function is finite in float32; a function that is not listed is so everywhere
DOMAINS: dict[str, tuple[float, float]] = {
    "exponential": (-1e3, 50.0),
    "log": (1e-3, 1e3),
    "reciprocal": (1e-3, 1e3),
    "rsqrt": (1e-3, 1e3),
    "sqrt": (0.0, 1e3),
}


def activation_cases() -> list[tuple[str, Network]]:
    """List name and network for every registered activation and variant."""
    return [
        (f"{name}-{'-'.join(variant) or 'plain'}-{k}", activation_network(name, variant))
        for name in activations
        for k, variant in enumerate(VARIANTS.get(name, [{}]))
    ]


def activation_network(name: str, variant: dict[str, Any]) -> Network:
    """Return the activation alone, on six units."""
    trained = activations[name].trained
    constants = {k: v for k, v in variant.items() if k not in trained}
    weights = {k: np.array(v, dtype=np.float32) for k, v in variant.items() if k in trained}
    node = Node("act", "activation", ("x",), {"function": name, **constants}, weights)
    return Network({"x": (UNITS,)}, [node], ["act"])


def layer_cases() -> list[tuple[str, Network]]:
    """List name and network for every registered layer kind; KeyError for a kind without one."""
    return [(kind, _LAYERS[kind]()) for kind in layers]


def _normalization() -> Network:
    weights = {"scale": np.array([1, 0, -2], "f4"), "offset": np.array([0.5, 1, 0], "f4")}
    node = Node("norm", "normalization", ("x",), {}, weights)
    return Network({"x": (3,)}, [node], ["norm"])


def _combination(kind: str) -> Network:
    return Network(
        {"x": (4,), "gate": (1,), "y": (4,)},
        [Node("joined", kind, ("x", "gate", "y"))],
        ["joined"],
    )


def _reshape() -> Network:
    nodes = [
        Node("folded", "reshape", ("x",), {"shape": [2, 3]}),
        dense("per_row", "folded", 3, 4),  # a dense layer over the last of two axes
        Node("cells", "reshape", ("per_row",), {"shape": [2, 2, 2]}),
    ]
    return Network({"x": (6,)}, nodes, ["cells"])


_LAYERS = {
    "activation": lambda: activation_network("tanh", {}),
    "add": lambda: _combination("add"),
    "concatenate": lambda: _combination("concatenate"),
    "dense": lambda: Network({"x": (5,)}, [dense("cells", "x", 5, 7)], ["cells"]),
    "dropout": lambda: Network({"x": (4,)}, [Node("off", "dropout", ("x",))], ["off"]),
    "multiply": lambda: _combination("multiply"),
    "normalization": _normalization,
    "reshape": _reshape,
}


def inputs_of(network: Network, n: int) -> Float32:
    """Return wide inputs (n, width) of a case, where its function is finite."""
    x = wide_inputs(n, sum(math.prod(shape) for shape in network.inputs.values()))
    for node in network.nodes:
        low, high = DOMAINS.get(node.attributes.get("function", ""), (-math.inf, math.inf))
        x = np.clip(np.abs(x) if low >= 0 else x, low, high).astype(np.float32)
    return x


def wide_inputs(n: int, width: int) -> Float32:
    """Return inputs (n, width) around 0, and in every other row up to ±1000."""
    rng = np.random.default_rng(5)
    x = rng.normal(scale=2.0, size=(n, width))
    x[1::2] *= 10 ** rng.uniform(0, 3, size=x[1::2].shape) / 4
    return np.clip(x, -1e3, 1e3).astype(np.float32)
