"""Every recognition: the pieces become the layer, and the outputs stay what they were."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from caloexport.converters.recognise import recognise
from caloexport.converters.recognitions import recognitions
from caloexport.runtime.categories import category_columns
from caloexport.runtime.network import Network, Node
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare

UNITS = 5


class Pieces:
    """A network that grows node by node; every method returns the name of what it adds."""

    def __init__(self, shape: tuple[int, ...] = (UNITS,)) -> None:
        self.inputs = {"x": shape}
        self.nodes: list[Node] = []

    def act(self, source: str, function: str, **constants: float) -> str:
        return self.add("activation", [source], function=function, **constants)

    def line(self, source: str, scale: Any, offset: Any = 0.0) -> str:
        units = Network(self.inputs, self.nodes, [source]).shapes[source][-1:]
        weights = {
            "scale": np.broadcast_to(np.float32(scale), units).copy(),
            "offset": np.broadcast_to(np.float32(offset), units).copy(),
        }
        return self.add("normalization", [source], weights)

    def add(self, kind: str, inputs: list[str], weights: Any = None, **attributes: Any) -> str:
        name = f"n{len(self.nodes)}"
        self.nodes.append(Node(name, kind, tuple(inputs), attributes, weights or {}))
        return name

    def end(self, output: str) -> Network:
        return Network(self.inputs, self.nodes, [output])


EACH = np.array([0.2, 0.5, 1.0, -1.0, 3.0])
ROOT = math.sqrt(2 / math.pi)


def sigmoid(p: Pieces, scale: float = -1.0, offset: float = 0.0) -> str:
    power = p.act(p.line("x", scale, offset), "exponential")
    return p.act(p.line(power, 1, 1), "reciprocal")


def swish(p: Pieces, beta: Any = 1.0, x: str = "x", factor: float = 1.0) -> str:
    product = p.add("multiply", [p.act(p.line(x, beta), "sigmoid"), x])
    return product if factor == 1 else p.line(product, factor)


def gelu(p: Pieces, early: bool) -> str:
    gate = p.line(p.act(p.line("x", math.sqrt(0.5)), "erf"), 1, 1)
    if early:
        return p.add("multiply", [p.line("x", 0.5), gate])
    return p.line(p.add("multiply", ["x", gate]), 0.5)


def gelu_tanh(p: Pieces, factored: bool) -> str:
    if factored:  # x·(√(2/π) + √(2/π)·0.044715·x²), as our own export spells it
        square = p.add("multiply", ["x", "x"])
        inner = p.add("multiply", ["x", p.line(square, 0.044715 * ROOT, ROOT)])
    else:
        cube = p.add("multiply", ["x", "x", "x"])
        inner = p.line(p.add("add", ["x", p.line(cube, 0.044715)]), ROOT)
    gate = p.line(p.act(inner, "tanh"), 0.5, 0.5)
    return p.add("multiply", ["x", gate])


def hard_swish(p: Pieces, relu6: bool) -> str:
    if relu6:
        gate = p.act(p.line("x", 1, 3), "relu", max_value=6.0)
        return p.line(p.add("multiply", ["x", gate]), 1 / 6)
    gate = p.act(p.line("x", 1 / 6, 0.5), "clip", minimum=0.0, maximum=1.0)
    return p.add("multiply", ["x", gate])


def softmax(p: Pieces, shifted: bool, kind: str) -> str:
    x = "x"
    if shifted:
        most = p.add("reduce", ["x"], function="max", axes=[0], keep=True)
        x = p.add("subtract", ["x", most])
    power = p.act(x, "exponential")
    total = p.add("reduce", [power], function="sum", axes=[0], keep=True)
    other = total if kind == "divide" else p.act(total, "reciprocal")
    return p.add(kind, [power, other])


def layer_norm(p: Pieces, *, rms: bool = False, kind: str = "divide") -> str:
    x = "x"
    if not rms:
        x = p.add("subtract", ["x", p.add("reduce", ["x"], function="mean", axes=[0], keep=True)])
    square = p.act(x, "square") if rms else p.add("multiply", [x, x])
    power = p.add("reduce", [square], function="mean", axes=[0], keep=True)
    root = p.act(p.line(power, 1, 1e-3), "sqrt")
    other = root if kind == "divide" else p.act(root, "reciprocal")
    return p.line(p.add(kind, [x, other]), EACH, 0.3)


def prelu(p: Pieces, alpha: Any, kind: str) -> str:
    below = p.act(p.line("x", -1), "relu")
    sign = 1 if kind == "subtract" else -1
    return p.add(kind, [p.act("x", "relu"), p.line(below, sign * np.asarray(alpha))])


def dense(p: Pieces) -> str:
    kernel = np.random.default_rng(0).normal(size=(UNITS, 3)).astype(np.float32)
    made = p.add("dense", ["x"], {"kernel": kernel, "bias": np.zeros(3, np.float32)})
    return p.line(made, 1, 0.25)


def rectified(p: Pieces, outer: float, inner: float) -> str:
    power = p.act(p.line(p.act("x", "clip", maximum=0.0), inner), "exponential")
    return p.add("add", [p.act("x", "relu"), p.line(power, outer, -outer)])


def rectifier(p: Pieces, slope: float, threshold: float, ceiling: float | None) -> str:
    """Return what Keras computes for ReLU with its three options."""
    options = {"threshold": threshold} if threshold else {}
    above = p.act("x", "relu", **options)
    if ceiling is not None:
        above = p.act(p.act(above, "clip", maximum=ceiling), "relu")
    below = p.act(p.line("x", -1, threshold), "relu")
    return p.add("subtract", [above, p.line(below, slope)])


def repeated_axis(p: Pieces) -> str:
    p.inputs = {"x": (4, 3)}
    longer = p.add("upsample", [p.add("reshape", ["x"], shape=[4, 1, 3])], factors=[1, 2, 1])
    return p.add("reshape", [longer], shape=[8, 3])


def moments(p: Pieces) -> str:
    """Return what TensorFlow computes for a layer normalization."""
    mean = p.add("reduce", ["x"], function="mean", axes=[0], keep=True)
    centred = p.add("subtract", ["x", mean])
    square = p.add("multiply", [centred, centred])
    variance = p.add("reduce", [square], function="mean", axes=[0], keep=True)
    root = p.act(p.line(variance, 1, 1e-3), "rsqrt")
    factor = p.line(p.add("upsample", [root], factors=[UNITS]), EACH)
    shift = p.line(p.add("multiply", [p.line(mean, -1), factor]), 1, 0.3)
    return p.add("add", [p.add("multiply", ["x", factor]), shift])


def folded(p: Pieces) -> str:
    p.inputs = {"x": (2, 3, 4)}
    kernel = np.random.default_rng(0).normal(size=(4, 5)).astype(np.float32)
    rows = p.add("reshape", ["x"], shape=[6, 4])
    made = p.add("dense", [rows], {"kernel": kernel, "bias": np.ones(5, np.float32)})
    return p.add("reshape", [made], shape=[2, 3, 5])


def reduced(p: Pieces) -> str:
    p.inputs = {"x": (3, 2)}
    mean = p.add("reduce", ["x"], function="mean", axes=[0], keep=True)
    return p.add("reshape", [mean], shape=[2])


def repeated(p: Pieces) -> str:
    """Return rows of an image twice, by way of channels first."""
    p.inputs = {"x": (4, 5, 3)}
    first = p.add("permute", ["x"], order=[2, 0, 1])
    longer = p.add("reshape", [first], shape=[3, 4, 1, 5])
    twice = p.add("upsample", [longer], factors=[1, 1, 2, 1])
    back = p.add("permute", [twice], order=[1, 2, 3, 0])
    return p.add("reshape", [back], shape=[8, 5, 3])


def sliced(p: Pieces, order: list[int]) -> str:
    p.inputs = {"x": (2, 3, 2)}
    cells = [p.add("slice", ["x"], axis=1, start=k, step=1, length=1) for k in range(3)]
    return p.add("concatenate", [cells[k] for k in order], axis=1)


def embedded(p: Pieces) -> str:
    parts = [(0, 2), (2, 1), (3, 2)]
    names = [p.add("slice", ["x"], axis=0, start=a, step=1, length=n) for a, n in parts]
    table = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    names[1] = p.add("embedding", [names[1]], {"table": table}, column=0)
    return p.add("concatenate", names)


def recurrent(p: Pieces) -> str:
    p.inputs = {"x": (4, 2)}
    random = np.random.default_rng(0)
    shapes = {"kernel": (2, 9), "recurrent_kernel": (3, 9), "bias": (9,), "recurrent_bias": (9,)}
    weights = {key: random.normal(size=n).astype(np.float32) for key, n in shapes.items()}
    gate, function = {"function": "sigmoid"}, {"function": "tanh"}
    layer = p.add("gru", ["x"], weights, activation=function, recurrent_activation=gate,
                  return_sequences=True)  # fmt: skip
    last = p.add("slice", [layer], axis=0, start=3, step=1, length=1)
    return p.add("reshape", [last], shape=[3])


def permuted(p: Pieces, back: bool) -> str:
    p.inputs = {"x": (2, 3, 4)}
    first = p.add("permute", ["x"], order=[2, 0, 1])
    return p.add("permute", [first], order=[1, 2, 0] if back else [0, 2, 1])


def one_channel(p: Pieces) -> str:
    p.inputs = {"x": (2, 3, 1)}
    return p.add("reshape", [p.add("permute", ["x"], order=[2, 0, 1])], shape=[6])


def upsampled(p: Pieces) -> str:
    p.inputs = {"x": (2, 3)}
    return p.add("upsample", [p.add("upsample", ["x"], factors=[2, 1])], factors=[1, 3])


def reshaped(p: Pieces) -> str:
    p.inputs = {"x": (2, 3, 4)}
    return p.add("reshape", [p.add("reshape", ["x"], shape=[24])], shape=[4, 6])


#: recognition -> pieces and the kinds or functions of what is left, in order
CASES: list[tuple[str, Callable[[Pieces], str], list[str]]] = [
    ("sigmoid", sigmoid, ["sigmoid"]),
    ("sigmoid", lambda p: sigmoid(p, -2.0, 0.5), ["normalization", "sigmoid"]),
    ("swish", swish, ["swish"]),
    ("swish", lambda p: swish(p, EACH), ["swish"]),
    ("swish", lambda p: swish(p, 1.5, factor=2.0), ["swish", "normalization"]),
    ("swish", lambda p: swish(p, 1.0, p.line("x", EACH, 0.5)), ["normalization", "swish"]),
    ("swish", lambda p: p.add("multiply", ["x", sigmoid(p)]), ["swish"]),
    ("gelu", lambda p: gelu(p, True), ["gelu"]),
    ("gelu", lambda p: gelu(p, False), ["gelu"]),
    ("gelu", lambda p: gelu_tanh(p, True), ["gelu"]),
    ("gelu", lambda p: gelu_tanh(p, False), ["gelu"]),
    ("hard_sigmoid", lambda p: p.act(p.line("x", 0.2, 0.5), "clip", minimum=0.0, maximum=1.0),
     ["hard_sigmoid"]),
    ("hard_sigmoid", lambda p: p.line(p.act(p.line("x", 1, 3), "relu", max_value=6.0), 1 / 6),
     ["hard_sigmoid"]),
    ("hard_swish", lambda p: hard_swish(p, True), ["hard_swish"]),
    ("hard_swish", lambda p: hard_swish(p, False), ["hard_swish"]),
    ("mish", lambda p: p.add("multiply", ["x", p.act(p.act("x", "softplus"), "tanh")]), ["mish"]),
    ("softplus", lambda p: p.act(p.line(p.act("x", "exponential"), 1, 1), "log"), ["softplus"]),
    ("softsign", lambda p: p.add("divide", ["x", p.line(p.act("x", "abs"), 1, 1)]), ["softsign"]),
    ("softmax", lambda p: softmax(p, True, "divide"), ["softmax"]),
    ("softmax", lambda p: softmax(p, False, "divide"), ["softmax"]),
    ("softmax", lambda p: softmax(p, True, "multiply"), ["softmax"]),
    ("layer_normalization", layer_norm, ["layer_normalization"]),
    ("layer_normalization", lambda p: layer_norm(p, rms=True), ["layer_normalization"]),
    ("layer_normalization", lambda p: layer_norm(p, kind="multiply"), ["layer_normalization"]),
    ("prelu", lambda p: prelu(p, EACH, "subtract"), ["prelu"]),
    ("prelu", lambda p: prelu(p, EACH, "add"), ["prelu"]),
    ("prelu", lambda p: prelu(p, 0.3, "add"), ["leaky_relu"]),
    ("leaky_relu", lambda p: p.add("maximum", ["x", p.line("x", 0.3)]), ["leaky_relu"]),
    ("leaky_relu", lambda p: p.add("maximum", [p.line("x", abs(EACH) / 3), "x"]), ["prelu"]),
    ("scaled layer", dense, ["dense"]),
    ("rsqrt", lambda p: p.act(p.act(p.line("x", 0, 2.0), "sqrt"), "reciprocal"),
     ["normalization", "rsqrt"]),
    ("exponential rectifiers", lambda p: rectified(p, 0.7, 1.0), ["elu"]),
    ("exponential rectifiers", lambda p: rectified(p, 0.7, 1 / 0.7), ["celu"]),
    ("rectifiers", lambda p: rectifier(p, 0.1, 0.25, 6.0), ["relu"]),
    ("rectifiers", lambda p: rectifier(p, 0.3, 0.0, None), ["leaky_relu"]),
    ("rectifiers", lambda p: p.act(p.act("x", "relu", threshold=0.5), "clip", maximum=2.0),
     ["relu"]),
    ("reduced axes", reduced, ["mean"]),
    ("repeated cells", repeated, ["upsample"]),
    ("repeated slices", lambda p: sliced(p, [0, 0, 1, 1, 2, 2]), ["upsample"]),
    ("repeated slices", lambda p: sliced(p, [0, 1, 0, 2]),
     ["slice", "slice", "slice", "concatenate"]),
    ("repeated cells", repeated_axis, ["upsample"]),
    ("moment normalization", moments, ["layer_normalization"]),
    ("folded dense", folded, ["dense"]),
    ("embedding", embedded, ["embedding"]),
    ("last step", recurrent, ["gru"]),
    ("scaled layer", lambda p: p.line(p.line("x", EACH, 1), 2, EACH), ["normalization"]),
    ("permutations", lambda p: permuted(p, True), []),
    ("permutations", lambda p: permuted(p, False), ["permute"]),
    ("permutations", reshaped, ["reshape"]),
    ("permutations", one_channel, ["reshape"]),
    ("permutations", upsampled, ["upsample"]),
]  # fmt: skip


def kinds(network: Network) -> list[str]:
    """Return the kinds of the layers, activations by their function."""
    return [str(node.attributes.get("function", node.kind)) for node in network.nodes]


@pytest.mark.parametrize(("name", "make", "wanted"), CASES)
def test_pieces_become_the_layer(
    name: str, make: Callable[[Pieces], str], wanted: list[str]
) -> None:
    pieces = Pieces()
    before = pieces.end(make(pieces))
    after = recognise(before)
    assert kinds(after) == wanted
    assert_same(before, after)


def assert_same(before: Network, after: Network) -> None:
    """Compare two networks in float64; what differs is the rounding of constants to float32."""
    x = np.random.default_rng(1).normal(scale=2, size=(20, *before.inputs["x"]))
    for column, categories in category_columns(before).items():
        x[:, column] = np.arange(20) % categories
    expected = evaluate(before, {"x": x}).reshape(20, -1)
    difference = compare(evaluate(after, {"x": x}).reshape(20, -1), expected, "float32")
    assert difference.equal, difference


@pytest.mark.parametrize("name", recognitions.names())
def test_every_recognition_has_a_case(name: str) -> None:
    assert name in {case[0] for case in CASES}


#: pieces that look alike and are another function
OTHERS: dict[str, Callable[[Pieces], str]] = {
    "sigmoid of another sum": lambda p: p.act(
        p.line(p.act(p.line("x", -1), "exponential"), 1, 2), "reciprocal"
    ),
    "gate of another value": lambda p: p.add(
        "multiply", [p.act(p.line("x", 1, 0.5), "sigmoid"), "x"]
    ),
    "gelu with another constant": lambda p: p.add(
        "multiply", ["x", p.line(p.act(p.line("x", 0.7), "erf"), 1, 1.1)]
    ),
    "slope beyond one": lambda p: p.add("maximum", ["x", p.line("x", 1.3)]),
    "cut at two": lambda p: p.act(p.line("x", 1, 0.5), "clip", minimum=0.0, maximum=2.0),
    "softmax over a scaled sum": lambda p: p.add(
        "divide",
        [
            (power := p.act("x", "exponential")),
            p.line(p.add("reduce", [power], function="sum", axes=[0], keep=True), 2),
        ],
    ),
    "mish of another value": lambda p: p.add(
        "multiply", ["x", p.act(p.act(p.line("x", 2), "softplus"), "tanh")]
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_looks_alike_stays(name: str) -> None:
    pieces = Pieces()
    before = pieces.end(OTHERS[name](pieces))
    after = recognise(before)
    assert kinds(after) == kinds(before)
    assert_same(before, after)


def test_pieces_that_others_read_stay_for_them() -> None:
    pieces = Pieces()
    gate = pieces.act("x", "sigmoid")
    both = pieces.add("concatenate", [pieces.add("multiply", ["x", gate]), gate])
    before = pieces.end(both)
    after = recognise(before)
    assert kinds(after) == ["sigmoid", "swish", "concatenate"]
    assert_same(before, after)
