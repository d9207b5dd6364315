"""Random chains of layers that look at axes, on small grids."""

from __future__ import annotations

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
    rank, channels = len(shape), shape[-1]
    ones = [1] * (rank - 1)

    def node(kind: str, **attributes: object) -> list[Node]:
        return [Node(name, kind, (reads,), attributes)]

    match kind:
        case "permute":
            return node(kind, order=random.permutation(rank).tolist())
        case "slice":
            axis = int(random.integers(rank))
            last = shape[axis] - 1
            return node(
                kind, axis=axis, start=last, step=-1, length=int(random.integers(last + 1)) + 1
            )
        case "pad":
            padding = random.integers(0, 2, size=(rank, 2)).tolist()
            return node(kind, padding=padding, value=0.5)
        case "upsample":
            factors = random.integers(1, 3, size=rank).tolist() if repeated else [1] * rank
            return node(kind, factors=factors)
        case "reshape":
            return node(kind, shape=[int(np.prod(shape[:-1])), channels])
        case "reduce":
            return node(kind, function="mean", axes=[int(random.integers(rank))], keep=True)
        case "swish":
            beta = {"beta": random.normal(size=channels)}
            return [Node(name, "activation", (reads,), {"function": "swish"}, beta)]
        case "tanh":
            return node("activation", function="tanh")
        case "normalization":
            weights = _weights(random, scale=(channels,), offset=(channels,))
            return [Node(name, kind, (reads,), {}, weights)]
        case "dense":
            weights = _weights(random, kernel=(channels, 3), bias=(3,))
            return [Node(name, kind, (reads,), {}, weights)]
        case "conv":
            weights = _weights(random, kernel=(*[2] * (rank - 1), channels, 2), bias=(2,))
            given = {"strides": ones, "dilation": ones, "padding": [[1, 0]] * (rank - 1)}
            return [Node(name, kind, (reads,), {**given, "groups": 1}, weights)]
        case "conv_transpose":
            weights = _weights(random, kernel=(*[2] * (rank - 1), 2, channels), bias=(2,))
            given = {"strides": [2] * (rank - 1), "dilation": ones, "crop": [[0, 1]] * (rank - 1)}
            return [Node(name, kind, (reads,), given, weights)]
        case "add":
            mean = Node(
                f"{name}:mean", "reduce", (reads,), {"function": "mean", "axes": [0], "keep": True}
            )
            return [mean, Node(name, "add", (reads, mean.name))]
        case _:
            return [Node(name, "concatenate", (reads, reads), {"axis": int(random.integers(rank))})]


def _weights(random: np.random.Generator, **shapes: tuple[int, ...]) -> dict[str, np.ndarray]:
    return {key: random.normal(size=shape) for key, shape in shapes.items()}
