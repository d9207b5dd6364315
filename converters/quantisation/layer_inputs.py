"""What a layer gets of calibration showers, some of them at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.generator import Generator
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate

#: values of all layers together that one piece may hold
PIECE = 1 << 24
#: showers of a piece at most
SHOWERS = 256


def layer_inputs(
    generator: Generator, network: Network, index: int, inputs: Float32, arithmetic: str = "float32"
) -> Iterator[Array]:
    """Yield the first input of a layer, (n, *shape) float32, for one piece of showers after another.

    Args:
        generator: says how input vectors are split; its own network does not matter.
        network: with the layer.
        index: of the layer.
        inputs: (showers, n_in).
        arithmetic: of the network; see ``runtime.reference``.
    """
    before = network.nodes[:index]
    head = Network(network.inputs, before, [network.nodes[index].inputs[0]])
    values = sum(math.prod(network.shapes[node.name]) for node in before)
    step = max(1, min(SHOWERS, PIECE // max(1, values)))
    for start in range(0, len(inputs), step):
        given = generator.split(inputs[start : start + step])
        yield evaluate(head, given, np.float32, arithmetic)
