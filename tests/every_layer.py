"""One small network for every layer kind and every activation with its options."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from caloexport.runtime.activations import activations
from caloexport.runtime.arrays import Float32
from caloexport.runtime.categories import category_columns
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
    return [
        (kind if variant == "plain" else f"{kind}-{variant}", network)
        for kind in layers
        for variant, network in _LAYERS[kind]().items()
    ]


def kind_of(case: str) -> str:
    """Return the layer kind or ``activation`` that the case of this name is about."""
    kind = case.partition("-")[0]
    return kind if kind in layers else "activation"


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


def single(kind: str, shapes: list[tuple[int, ...]], **attributes: Any) -> Network:
    """Return the network of one layer without weights."""
    inputs = {f"x{k}": shape for k, shape in enumerate(shapes)}
    return Network(inputs, [Node("layer", kind, tuple(inputs), attributes)], ["layer"])


def weighted(
    kind: str, shape: tuple[int, ...], weights: dict[str, tuple[int, ...]], **attributes: Any
) -> Network:
    """Return the network of one layer with reproducible weights of the given shapes."""
    rng = np.random.default_rng([7, *shape])
    arrays = {
        key: rng.normal(scale=0.5, size=size).astype(np.float32) for key, size in weights.items()
    }
    return Network({"x": shape}, [Node("layer", kind, ("x",), attributes, arrays)], ["layer"])


def conv(
    shape: tuple[int, ...],
    sizes: tuple[int, ...],
    n_out: int,
    *,
    strides: list[int] | None = None,
    dilation: list[int] | None = None,
    padding: list[list[int]] | None = None,
    groups: int = 1,
) -> Network:
    """Return a convolution; strides and dilation 1 and no padding unless said."""
    axes = len(sizes)
    kernel = (*sizes, shape[-1] // groups, n_out)
    return weighted(
        "conv", shape, {"kernel": kernel, "bias": (n_out,)}, strides=strides or [1] * axes,
        dilation=dilation or [1] * axes, padding=padding or [[0, 0]] * axes, groups=groups,
    )  # fmt: skip


def conv_transpose(
    shape: tuple[int, ...],
    sizes: tuple[int, ...],
    n_out: int,
    *,
    strides: list[int] | None = None,
    dilation: list[int] | None = None,
    crop: list[list[int]] | None = None,
) -> Network:
    """Return a transposed convolution; strides and dilation 1 and no crop unless said."""
    axes = len(sizes)
    weights = {"kernel": (*sizes, n_out, shape[-1]), "bias": (n_out,)}
    return weighted(
        "conv_transpose", shape, weights, strides=strides or [1] * axes,
        dilation=dilation or [1] * axes, crop=crop or [[0, 0]] * axes,
    )  # fmt: skip


def recurrent(
    kind: str, gates: int, function: dict[str, Any], gate: dict[str, Any], **attributes: Any
) -> Network:
    """Return a recurrent layer of three units over five steps of four values."""
    weights = {"kernel": (4, 3 * gates), "recurrent_kernel": (3, 3 * gates), "bias": (3 * gates,)}
    if kind == "gru":
        weights["recurrent_bias"] = (3 * gates,)
    gated = {} if kind == "simple_rnn" else {"recurrent_activation": gate}
    return weighted(kind, (5, 4), weights, activation=function, **gated, **attributes)


TANH, SIGMOID = {"function": "tanh"}, {"function": "sigmoid"}
HARD = {"function": "hard_sigmoid", "slope": 0.2}
LEAKY, ELU = {"function": "leaky_relu", "negative_slope": 0.3}, {"function": "elu", "alpha": 0.5}
SWISH = {"function": "swish", "beta": 0.7}


def _recurrent(kind: str, gates: int) -> dict[str, Network]:
    every = {"return_sequences": True, "go_backwards": True}
    cases = {
        "plain": recurrent(kind, gates, TANH, SIGMOID),
        "sequence": recurrent(kind, gates, TANH, HARD, return_sequences=True),
        "backwards": recurrent(kind, gates, ELU, SIGMOID, go_backwards=True),
        "backwards_sequence": recurrent(kind, gates, LEAKY, HARD, **every),
        "inner_swish": recurrent(kind, gates, SWISH, SIGMOID, **every),
    }
    if kind == "gru":
        cases |= {
            "reset_after": recurrent(kind, gates, TANH, SIGMOID, reset_after=True),
            "reset_after_swish": recurrent(kind, gates, SWISH, HARD, reset_after=True, **every),
        }
    return cases


def _conv() -> dict[str, Network]:
    return {
        "plain": conv((4, 5, 3), (3, 2), 6, padding=[[1, 1], [0, 1]]),
        "1d_causal": conv((7, 3), (3,), 4, dilation=[2], padding=[[4, 0]]),
        "1d_groups": conv((6, 4), (2,), 6, groups=2, strides=[2]),
        "2d_strides": conv((7, 6, 2), (3, 3), 5, strides=[2, 3], padding=[[1, 1], [2, 0]]),
        "2d_dilation": conv((8, 7, 2), (3, 2), 3, dilation=[2, 3], padding=[[2, 2], [0, 3]]),
        "2d_depthwise": conv((5, 5, 3), (3, 3), 6, groups=3, padding=[[1, 1], [1, 1]]),
        "3d": conv((4, 5, 3, 2), (2, 3, 2), 3, strides=[1, 2, 1], padding=[[1, 0], [1, 1], [0, 1]]),
        "3d_dilation": conv((5, 5, 6, 2), (2, 2, 3), 4, dilation=[2, 1, 2]),
        "3d_groups": conv((3, 3, 3, 4), (2, 2, 2), 2, groups=2),
        "2d_strides_dilation": conv((9, 8, 2), (3, 2), 3, strides=[2, 3], dilation=[2, 1]),
        "one_cell": conv((1, 1, 3), (1, 1), 2),
    }


def _conv_transpose() -> dict[str, Network]:
    return {
        "plain": conv_transpose((3, 4, 5), (3, 3), 2, strides=[2, 2], crop=[[1, 0], [0, 1]]),
        "1d": conv_transpose((5, 3), (4,), 2, strides=[2], crop=[[1, 1]]),
        "1d_longer": conv_transpose((4, 3), (2,), 3, strides=[3], crop=[[0, -1]]),
        "2d_dilation": conv_transpose((4, 3, 2), (3, 2), 3, dilation=[2, 3], crop=[[2, 1], [0, 0]]),
        "2d_both": conv_transpose((3, 3, 2), (2, 3), 3, strides=[3, 2], dilation=[2, 2]),
        "2d_added": conv_transpose((3, 2, 2), (1, 2), 3, strides=[2, 1], crop=[[-2, -3], [1, -1]]),
        "3d": conv_transpose(
            (2, 3, 2, 3), (3, 2, 3), 2, strides=[2, 1, 2], crop=[[1, 0], [0, 0], [0, 1]]
        ),
        "3d_dilation": conv_transpose((2, 3, 2, 2), (2, 2, 2), 2, dilation=[1, 2, 1]),
    }


def _between_convolutions() -> Network:
    first = conv((4, 4, 2), (3, 3), 3, padding=[[1, 1], [1, 1]]).nodes[0]
    second = conv((4, 4, 3), (2, 2), 2).nodes[0]
    nodes = [
        replace(first, name="first"),
        Node("act", "activation", ("first",), {"function": "elu", "alpha": 0.7}),
        Node("per", "activation", ("act",), {"function": "swish"}, {"beta": np.ones(3, "f4")}),
        replace(second, name="second", inputs=("act",)),
        Node("cut", "slice", ("per",), {"axis": 0, "start": 0, "step": 1, "length": 3}),
        Node("cut2", "slice", ("cut",), {"axis": 1, "start": 3, "step": -1, "length": 3}),
        Node("joined", "concatenate", ("second", "cut2")),
    ]
    return Network({"x": (4, 4, 2)}, nodes, ["joined"])


def _reduce() -> dict[str, Network]:
    return {
        "plain": single("reduce", [(3, 4)], function="sum", axes=[0]),
        "mean": single("reduce", [(2, 3, 4)], function="mean", axes=[0, 2], keep=True),
        "max": single("reduce", [(2, 3, 4)], function="max", axes=[1, 0]),
        "min": single("reduce", [(2, 3, 4)], function="min", axes=[2], keep=False),
        "all": single("reduce", [(2, 3)], function="sum", axes=[0, 1]),
    }


def _slice() -> dict[str, Network]:
    return {
        "plain": single("slice", [(5, 3)], axis=0, start=1, step=2, length=2),
        "backwards": single("slice", [(2, 6)], axis=1, start=5, step=-2, length=3),
        "reversed": single("slice", [(2, 4, 2)], axis=1, start=3, step=-1, length=4),
        "last": single("slice", [(7,)], axis=0, start=6, step=1, length=1),
    }


def _embedding() -> dict[str, Network]:
    return {
        "plain": weighted("embedding", (4,), {"table": (5, 3)}, column=1),
        "first": weighted("embedding", (3,), {"table": (2, 4)}, column=0),
        "alone": weighted("embedding", (1,), {"table": (7, 2)}, column=0),
        "sequence": weighted("embedding", (5, 3), {"table": (4, 2)}, column=2),
    }


def _concatenate() -> dict[str, Network]:
    return {
        "plain": _combination("concatenate"),
        "first_axis": single("concatenate", [(2, 3), (1, 3), (4, 3)], axis=0),
        "middle_axis": single("concatenate", [(2, 3, 2), (2, 1, 2)], axis=1),
        "last_of_three": single("concatenate", [(2, 3, 2), (2, 3, 1)], axis=2),
    }


def _combinations(kind: str, count: int) -> dict[str, Network]:
    shapes = [(2, 4), (1, 4), (2, 1)]
    return {
        "plain": single(kind, [(4,)] * count),
        "broadcast": single(kind, [(1,), (4,), (4,)][:count]),
        "axes": single(kind, shapes[:count]),
    }


def _highway(function: dict[str, Any], *leading: int) -> Network:
    weights: dict[str, tuple[int, ...]] = {}
    for part in ("transform", "carry"):
        weights |= {f"{part}_kernel": (4, 4), f"{part}_bias": (4,)}
    return weighted("highway", (*leading, 4), weights, activation=function)


def _layer_normalization(**attributes: Any) -> Network:
    weights: dict[str, tuple[int, ...]] = {"gamma": (6,), "beta": (6,)}
    return weighted("layer_normalization", (2, 6), weights, **attributes)


def _maxout(*leading: int) -> Network:
    return weighted("maxout", (*leading, 4), {"kernel": (3, 4, 5), "bias": (3, 5)})


def _plain(network: Callable[[], Network]) -> Callable[[], dict[str, Network]]:
    return lambda: {"plain": network()}


#: networks of each kind by variant
_LAYERS: dict[str, Callable[[], dict[str, Network]]] = {
    "activation": _plain(lambda: activation_network("tanh", {})),
    "add": lambda: {"plain": _combination("add"), "axes": single("add", [(2, 4), (1, 4)])},
    "concatenate": _concatenate,
    "conv": lambda: {**_conv(), "channels_first": _between_convolutions()},
    "conv_transpose": _conv_transpose,
    "dense": _plain(lambda: Network({"x": (5,)}, [dense("cells", "x", 5, 7)], ["cells"])),
    "divide": lambda: _combinations("divide", 2),
    "dropout": _plain(lambda: Network({"x": (4,)}, [Node("off", "dropout", ("x",))], ["off"])),
    "embedding": _embedding,
    "gru": lambda: _recurrent("gru", 3),
    "highway": lambda: {"plain": _highway(TANH), "axes": _highway(LEAKY, 2)},
    "layer_normalization": lambda: {
        "plain": _layer_normalization(epsilon=1e-3),
        "rms": _layer_normalization(epsilon=1e-6, rms=True),
    },
    "lstm": lambda: _recurrent("lstm", 4),
    "maximum": lambda: _combinations("maximum", 3),
    "maxout": lambda: {"plain": _maxout(), "axes": _maxout(2)},
    "minimum": lambda: _combinations("minimum", 3),
    "multiply": _plain(lambda: _combination("multiply")),
    "normalization": _plain(_normalization),
    "pad": lambda: {
        "plain": single("pad", [(2, 3)], padding=[[1, 0], [2, 1]]),
        "value": single("pad", [(3,)], padding=[[1, 2]], value=-0.25),
        "three_axes": single("pad", [(2, 1, 2)], padding=[[0, 1], [1, 1], [0, 0]], value=3),
    },
    "permute": lambda: {
        "plain": single("permute", [(2, 3)], order=[1, 0]),
        "four_axes": single("permute", [(2, 3, 4, 2)], order=[2, 0, 3, 1]),
    },
    "reduce": _reduce,
    "reshape": _plain(_reshape),
    "simple_rnn": lambda: _recurrent("simple_rnn", 1),
    "slice": _slice,
    "subtract": lambda: _combinations("subtract", 2),
    "upsample": lambda: {
        "plain": single("upsample", [(3, 2)], factors=[2, 1]),
        "three_axes": single("upsample", [(2, 3, 2)], factors=[3, 2, 1]),
        "repeat": single("upsample", [(1, 4)], factors=[5, 1]),
        "once": single("upsample", [(2, 2)], factors=[1, 1]),
    },
}


def inputs_of(network: Network, n: int) -> Float32:
    """Return wide inputs (n, n_in) where functions are finite, whole numbers for categories."""
    x = wide_inputs(n, network.n_inputs)
    for node in network.nodes:
        low, high = DOMAINS.get(node.attributes.get("function", ""), (-math.inf, math.inf))
        x = np.clip(np.abs(x) if low >= 0 else x, low, high).astype(np.float32)
    return with_categories(network, x)


def with_categories(network: Network, x: Float32) -> Float32:
    """Return inputs (n, n_in) with whole numbers for the embeddings that read them."""
    for column, categories in category_columns(network).items():
        x[:, column] = (np.arange(len(x)) + column) % categories
    return x


def wide_inputs(n: int, width: int) -> Float32:
    """Return inputs (n, width) around 0, and in every other row up to ±1000."""
    rng = np.random.default_rng(5)
    x = rng.normal(scale=2.0, size=(n, width))
    x[1::2] *= 10 ** rng.uniform(0, 3, size=x[1::2].shape) / 4
    return np.clip(x, -1e3, 1e3).astype(np.float32)
