"""Workloads: fixed networks of the field with reproducible random weights, one small file each.

The weights are random but scaled as trained ones are; batch normalization is folded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from caloexport.runtime.arrays import Float32
from caloexport.runtime.conditions import Condition
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node
from caloexport.runtime.registry import Registry

workloads: Registry[Callable[[], Generator]] = Registry(
    "workload", "caloexport.bench.workloads", "caloexport.workloads"
)

SEED = 7
ENERGY = Condition("energy_mev", 1_000.0, 1_024_000.0)
THETA = Condition("theta_rad", math.pi / 3, math.pi / 2)
PHI = Condition("phi_rad", -math.pi, math.pi)


def chain(widths: Sequence[int], hidden: str, last: str) -> Network:
    """Return dense layers of these widths with an activation behind each.

    Args:
        widths: of the input, the hidden layers and the output.
        hidden: ``"leaky_relu"`` (slope 0.3) or ``"swish"`` (one trained β per unit).
        last: ``"sigmoid"`` (biased so that most cells are nearly empty) or ``"relu"``.
    """
    rng = np.random.default_rng(SEED)
    nodes: list[Node] = []
    reads = "x"
    for k, (n_in, n_out) in enumerate(pairwise(widths)):
        kernel = rng.standard_normal((n_in, n_out)) * math.sqrt(2 / n_in)
        bias = rng.standard_normal(n_out) * 0.1
        function = last if k == len(widths) - 2 else hidden
        if function == "sigmoid":
            kernel, bias = kernel * 1.5, bias - 6
        weights = {"kernel": _float32(kernel), "bias": _float32(bias)}
        nodes.append(Node(f"dense_{k}", "dense", (reads,), {}, weights))
        reads = "cells" if k == len(widths) - 2 else f"activation_{k}"
        nodes.append(_activation(reads, f"dense_{k}", function, n_out, rng))
    return Network({"x": (widths[0],)}, nodes, ["cells"])


def _activation(name: str, reads: str, function: str, units: int, rng: np.random.Generator) -> Node:
    attributes: dict[str, str | float] = {"function": function}
    if function == "leaky_relu":
        attributes["negative_slope"] = 0.3
    weights = {}
    if function == "swish":
        weights["beta"] = _float32(1 + 0.3 * rng.standard_normal(units))
    return Node(name, "activation", (reads,), attributes, weights)


def _float32(values: np.ndarray) -> Float32:
    return values.astype(np.float32)
