"""Random chains of layers that look at axes, on small grids."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from caloexport.runtime.network import Network, Node

KINDS = (
    "permute", "slice", "pad", "upsample", "conv", "conv_transpose", "reshape", "dense", "reduce",
    "swish", "tanh", "normalization", "add", "beside",
)  # fmt: skip
#: those that only move values or work on each by itself
BY_VALUE = ("permute", "slice", "upsample", "reshape", "swish", "tanh", "normalization")


@st.composite
def spatial_networks(
    draw: st.DrawFn, kinds: tuple[str, ...] = KINDS, repeated: bool = True
) -> Network:
    """Draw a dense layer, a reshape to two or three axes, and a chain of layers behind it.

    Args:
        kinds: of the layers in the chain.
        repeated: upsampling repeats values; without, its factors are 1.
    """
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = tuple(draw(st.lists(st.integers(1, 3), min_size=2, max_size=3)))
    units = int(np.prod(shape))
    nodes = [
        Node("first", "dense", ("x",), {}, _weights(random, kernel=(4, units), bias=(units,))),
        Node("grid", "reshape", ("first",), {"shape": list(shape)}),
    ]
    for k, kind in enumerate(draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=5))):
        made = _node(f"n{k}", nodes[-1].name, kind, shape, random, repeated)
        network = Network({"x": (4,)}, [*nodes, *made], [made[-1].name])
        if np.prod(network.shapes[made[-1].name]) <= 400:
            nodes, shape = list(network.nodes), network.shapes[made[-1].name]
    return Network({"x": (4,)}, nodes, [nodes[-1].name])


def _node(
    name: str, reads: str, kind: str, shape: tuple[int, ...], random: np.random.Generator,
    repeated: bool,
) -> list[Node]:  # fmt: skip
    if kind in ("permute", "slice", "pad", "upsample", "reshape"):
        return [Node(name, kind, (reads,), _place(kind, shape, random, repeated))]
    if kind == "tanh":
        return [Node(name, "activation", (reads,), {"function": "tanh"})]
    if kind == "beside":
        return [
            Node(name, "concatenate", (reads, reads), {"axis": int(random.integers(len(shape)))})
        ]
    mean = {"function": "mean", "axes": [int(random.integers(len(shape)))], "keep": True}
    if kind == "reduce":
        return [Node(name, "reduce", (reads,), mean)]
    if kind == "add":
        return [
            Node(f"{name}:mean", "reduce", (reads,), mean),
            Node(name, "add", (reads, f"{name}:mean")),
        ]
    return [_weighted(name, reads, kind, shape, random)]


def _place(
    kind: str, shape: tuple[int, ...], random: np.random.Generator, repeated: bool
) -> dict[str, Any]:
    """Return the attributes of a layer that moves values."""
    rank = len(shape)
    if kind == "permute":
        return {"order": random.permutation(rank).tolist()}
    if kind == "pad":
        return {"padding": random.integers(0, 2, size=(rank, 2)).tolist(), "value": 0.5}
    if kind == "upsample":
        return {"factors": random.integers(1, 3, size=rank).tolist() if repeated else [1] * rank}
    if kind == "reshape":
        return {"shape": [int(np.prod(shape[:-1])), shape[-1]]}
    axis = int(random.integers(rank))
    length = int(random.integers(shape[axis])) + 1
    return {"axis": axis, "start": shape[axis] - 1, "step": -1, "length": length}


def _weighted(
    name: str, reads: str, kind: str, shape: tuple[int, ...], random: np.random.Generator
) -> Node:
    axes, channels = len(shape) - 1, shape[-1]
    ones, taps = [1] * axes, [2] * axes
    window = {"strides": ones, "dilation": ones, "padding": [[1, 0]] * axes, "groups": 1}
    spread = {"strides": taps, "dilation": ones, "crop": [[0, 1]] * axes}
    attributes, shapes = {
        "swish": ({"function": "swish"}, {"beta": (channels,)}),
        "normalization": ({}, {"scale": (channels,), "offset": (channels,)}),
        "dense": ({}, {"kernel": (channels, 3), "bias": (3,)}),
        "conv": (window, {"kernel": (*taps, channels, 2), "bias": (2,)}),
        "conv_transpose": (spread, {"kernel": (*taps, 2, channels), "bias": (2,)}),
    }[kind]
    weights = _weights(random, **shapes)
    return Node(name, "activation" if kind == "swish" else kind, (reads,), attributes, weights)


def _weights(random: np.random.Generator, **shapes: tuple[int, ...]) -> dict[str, np.ndarray]:
    return {key: random.normal(size=shape) for key, shape in shapes.items()}
