"""Let every activation use all levels, before eight bits have to do for all of them.

The activations of a shower share one step, that of the largest. One that moves little, or around a
value far from zero, would be left with a few levels, and its error would move all cells together.
So each is shifted and scaled to the same range; the normalization that does it merges with one
that is there anyway, or costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from caloexport.converters.free_names import primed
from caloexport.converters.quantisation.layer_inputs import layer_inputs
from caloexport.converters.rewrites.merge_normalizations import merge_normalizations
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network, Node

#: of the calibration showers below and above the range: those may round to a larger step
OUTSIDE = 0.001
#: rows that a percentile is taken of
ROWS = 1 << 14


def equal_ranges(
    generator: Generator, network: Network, inputs: Float32, chosen: Callable[[Node], bool]
) -> Network:
    """Return an equal network in which the inputs of dense layers range from -1 to 1.

    Args:
        generator: whose input vectors they are.
        network: to change.
        inputs: (showers, n_in) that tell the ranges.
        chosen: says of a dense layer whether it takes part.
    """
    nodes: list[Node] = []
    for index, node in enumerate(network.nodes):
        if node.kind == "dense" and chosen(node):
            rows = _rows(generator, network, index, inputs)
            nodes += _shifted(network, node, rows)
        else:
            nodes.append(node)
    if len(nodes) == len(network.nodes):
        return network
    return merge_normalizations(Network(network.inputs, nodes, network.outputs))


def _rows(generator: Generator, network: Network, index: int, inputs: Float32) -> Array:
    n_in = len(network.nodes[index].weights["kernel"])
    pieces = [x.reshape(-1, n_in) for x in layer_inputs(generator, network, index, inputs)]
    step = max(1, sum(map(len, pieces)) // ROWS)
    return np.concatenate([rows[::step] for rows in pieces]).astype(np.float64)


def _shifted(network: Network, node: Node, rows: Array) -> list[Node]:
    """Return a normalization and the layer behind it: x·W + b = (x - m)/s · (s·W) + (m·W + b)."""
    low, high = np.quantile(rows, [OUTSIDE, 1 - OUTSIDE], axis=0)
    middle, half = (low + high) / 2, (high - low) / 2
    half = np.where(half > 0, half, 1.0)
    kernel, bias = node.weights["kernel"], node.weights["bias"]
    name = primed(f"{node.name}:range", network.shapes)
    normalization = Node(
        name,
        "normalization",
        node.inputs,
        {},
        {"scale": (1 / half).astype(np.float32), "offset": (-middle / half).astype(np.float32)},
    )
    weights = {
        "kernel": (kernel * half[:, None]).astype(np.float32),
        "bias": (middle @ kernel + bias).astype(np.float32),
    }
    return [normalization, replace(node, inputs=(name,), weights=weights)]
