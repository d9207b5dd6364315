"""Random networks whose folded weights are exact in float32, so that equal means equal."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Network, Node

KINDS = ("dense", "normalization", "dropout", "linear", "relu", "tanh", "flat", "skip")


@st.composite
def networks(draw: st.DrawFn, exact: bool) -> Network:
    """Draw a chain of layers with an occasional side branch.

    Args:
        exact: all weights are eighths of small integers and the sizes tiny, so that products and
            sums of a few of them fit into 24 bits.
    """
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    values = eighths(random) if exact else gaussians(random)
    width, read = draw(st.integers(1, 4)), "x"
    network_inputs, nodes = {"x": (width,)}, []
    for number, kind in enumerate(draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=7))):
        name = f"n{number}"
        if kind == "dense":
            n_out = int(random.integers(1, 5))
            weights = {"kernel": values(width, n_out), "bias": values(n_out)}
            node, width = Node(name, "dense", (read,), {}, weights), n_out
        elif kind == "normalization":
            scale = values(width) * (random.random(width) > 0.3)  # some are zero
            weights = {"scale": scale.astype(np.float32), "offset": values(width)}
            node = Node(name, "normalization", (read,), {}, weights)
        elif kind == "skip" and nodes:
            earlier = nodes[-1].inputs[0]
            node = Node(name, "concatenate", (read, earlier))
            width += _width(earlier, network_inputs, nodes)
        elif kind == "flat":
            node = Node(name, "reshape", (read,), {"shape": [width]})
        elif kind == "dropout" or kind == "skip":
            node = Node(name, "dropout", (read,))
        else:
            node = Node(name, "activation", (read,), {"function": kind})
        nodes.append(node)
        read = name
    outputs = [read] if draw(st.booleans()) else [read, nodes[0].name]
    return Network(network_inputs, nodes, outputs)


def eighths(random: np.random.Generator) -> Callable[..., Array]:
    return lambda *shape: (random.integers(-8, 9, size=shape) / 8).astype(np.float32)


def gaussians(random: np.random.Generator) -> Callable[..., Array]:
    return lambda *shape: random.normal(size=shape).astype(np.float32)


def _width(name: str, inputs: dict[str, tuple[int, ...]], nodes: list[Node]) -> int:
    return Network(inputs, nodes, [name]).shapes[name][-1]
