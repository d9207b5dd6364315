"""Networks of our own with sequences, and with the layers that only LWTNN has."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.network import Network, Node
from tests.golden.lwtnn.maker import TANH, Maker, act

HARD_SIGMOID = {"function": "hard_sigmoid", "slope": 0.2}


def last_step(name: str, reads: str, steps: int, width: int) -> list[Node]:
    part = {"axis": 0, "start": steps - 1, "step": 1, "length": 1}
    return [
        Node(f"{name}:last", "slice", (reads,), part),
        Node(name, "reshape", (f"{name}:last",), {"shape": [width]}),
    ]


def networks() -> dict[str, Network]:
    """Return the networks, as a user would hand them in."""
    return {
        "highway": _highway(),
        "maxout": _maxout(),
        **{f"{kind}": _recurrent(kind, k) for k, kind in enumerate(("lstm", "gru", "simple_rnn"))},
        "lstm_gates": _lstm_gates(),
        "gru_of_one_unit": _gru_of_one_unit(),
        "rnn_stack": _rnn_stack(),
        "embedding": _embedding(),
        "deep_sets": _deep_sets(),
        "sequence_before_vector": _sequence_before_vector(),
        "scan_dense": _scan_dense(),
        "scan_lstm": _scan_lstm(),
        **{f"conv_{name}": _conv(*given) for name, given in CONVOLUTIONS.items()},
        "conv_softmax": _conv_softmax(),
        "conv_last_step": _conv_last_step(),
    }


#: taps, dilation, zeros in front and behind
CONVOLUTIONS = {
    "valid": (3, 1, [0, 0]),
    "causal": (3, 2, [4, 0]),
    "same": (3, 1, [1, 1]),
    "same_dilated": (3, 2, [2, 2]),
    "same_even_front": (4, 1, [2, 1]),
    "same_even_behind": (4, 1, [1, 2]),  # TensorFlow's
    "lopsided": (3, 1, [0, 2]),
}


def _conv(taps: int, dilation: int, padding: list[int]) -> Network:
    make = Maker(20 + taps + dilation)
    nodes = [
        make.conv("c", "x", (taps, 2, 3), padding, dilation),
        act("a", "c", {"function": "elu", "alpha": 0.8}),
    ]
    return Network({"x": (6, 2)}, nodes, ["a"])


def _highway() -> Network:
    make = Maker(11)
    nodes = [
        make.highway("h", "x", 4, {"function": "relu"}),
        make.highway("g", "h", 4, {"function": "swish", "beta": 1.5}),
    ]
    return Network({"x": (4,)}, nodes, ["g"])


def _maxout() -> Network:
    make = Maker(12)
    nodes = [make.maxout("m", "x", 3, 4, 5), make.maxout("n", "m", 2, 5, 2)]
    return Network({"x": (4,)}, nodes, ["n"])


def _recurrent(kind: str, seed: int) -> Network:
    make = Maker(13 + seed)
    nodes = [make.recurrent(kind, "r", "x", 3, 4), make.dense("out", "r", 4, 2)]
    return Network({"x": (5, 3)}, nodes, ["out"])


def _lstm_gates() -> Network:
    """Activations with a parameter, and Keras 2's hard sigmoid."""
    make = Maker(16)
    leaky = {"function": "leaky_relu", "negative_slope": 0.2}
    nodes = [
        make.recurrent("lstm", "r", "x", 2, 3, activation=leaky, recurrent_activation=HARD_SIGMOID)
    ]
    return Network({"x": (4, 2)}, nodes, ["r"])


def _gru_of_one_unit() -> Network:
    """With one unit and no recurrent bias, resetting before and after is the same."""
    make = Maker(17)
    node = make.recurrent("gru", "r", "x", 2, 1, reset_after=True)
    node.weights["recurrent_bias"][2] = 0
    return Network({"x": (5, 2)}, [node], ["r"])


def _rnn_stack() -> Network:
    """Sequences through three layers, then the last step."""
    make, whole = Maker(18), {"return_sequences": True}
    nodes = [
        make.recurrent("gru", "a", "x", 2, 3, **whole),
        make.dense("b", "a", 3, 4),
        act("b:relu", "b", {"function": "relu"}),
        make.recurrent("simple_rnn", "c", "b:relu", 4, 3, **whole, activation={"function": "elu"}),
        make.recurrent("lstm", "d", "c", 3, 2),
        make.dense("e", "d", 2, 3),
        act("f", "e", {"function": "softmax"}),
    ]
    return Network({"x": (6, 2)}, nodes, ["f"])


def _embedding() -> Network:
    make = Maker(19)
    nodes = [
        make.embedding("e", "x", 2, 5, 3),
        make.recurrent("lstm", "r", "e", 5, 3),
    ]
    return Network({"x": (4, 3)}, nodes, ["r"])


def _deep_sets() -> Network:
    """A dense layer for each step, the sum over the steps, a dense layer."""
    make = Maker(20)
    nodes = [
        make.norm("n0", "x", 3),
        make.maxout("m", "n0", 2, 3, 4),
        make.dense("d", "m", 4, 4),
        make.swish("a", "d", np.array([0.7])),
        make.norm("n", "a", 4),
        make.highway("h", "n", 4, TANH),
        Node("s", "reduce", ("h",), {"function": "sum", "axes": [0], "keep": False}),
        make.dense("out", "s", 4, 3),
    ]
    return Network({"x": (5, 3)}, nodes, ["out"])


def _sequence_before_vector() -> Network:
    """Inputs whose order LWTNN's file cannot say, of two lengths."""
    make = Maker(21)
    nodes = [
        make.recurrent("lstm", "r", "tracks", 2, 3),
        Node("s", "reduce", ("cells",), {"function": "sum", "axes": [0], "keep": False}),
        Node("joined", "concatenate", ("s", "r", "jet")),
        make.dense("out", "joined", 7, 3),
        act("a", "out", {"function": "sigmoid"}),
    ]
    shapes = {"tracks": (3, 2), "jet": (2,), "cells": (4, 2)}
    return Network(shapes, nodes, ["a"])


def _scan_dense() -> Network:
    make = Maker(22)
    nodes = [make.dense("d", "x", 2, 3), act("a", "d", {"function": "softmax"})]
    return Network({"x": (4, 2)}, nodes, ["a"])


def _scan_lstm() -> Network:
    make = Maker(23)
    return Network(
        {"x": (4, 2)}, [make.recurrent("lstm", "r", "x", 2, 3, return_sequences=True)], ["r"]
    )


def _conv_softmax() -> Network:
    """Softmax over the values of a step, where LWTNN's conv1d would take it over the steps."""
    make = Maker(24)
    nodes = [make.conv("c", "x", (2, 2, 3), [1, 0]), act("a", "c", {"function": "softmax"})]
    return Network({"x": (4, 2)}, nodes, ["a"])


def _conv_last_step() -> Network:
    make = Maker(25)
    nodes = [
        make.conv("c", "x", (2, 2, 3), [1, 0]),
        act("a", "c", {"function": "tanh"}),
        *last_step("v", "a", 4, 3),
        make.dense("out", "v", 3, 2),
    ]
    return Network({"x": (4, 2)}, nodes, ["out"])
