"""Files with what we read and never write, or never in that form."""

from __future__ import annotations

from typing import Any

import numpy as np

#: number of steps of the input sequences of a file
STEPS = {"sequences_by_hand": 4, "sequential_rnn": 5, "embedding_of_any_column": 3}


class Numbers:
    """Random numbers of few digits, from a generator that no numpy release changes."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.RandomState(seed)

    def list(self, n: int) -> list[float]:
        return [float(x) for x in self.random.normal(size=n).round(3)]

    def pair(self, n_in: int, n_out: int) -> dict[str, Any]:
        return {"weights": self.list(n_in * n_out), "bias": self.list(n_out)}

    def dense(self, n_in: int, n_out: int, activation: Any) -> dict[str, Any]:
        pair = self.pair(n_in, n_out)
        return {"architecture": "dense", **pair, "activation": activation}

    def recurrent(self, name: str, n_in: int, n: int, activation: Any, inner: Any) -> Any:
        gates = {"lstm": "ifco", "gru": "zrh", "simplernn": "h"}[name]
        components = {gate: {**self.pair(n_in, n), "U": self.list(n * n)} for gate in gates}
        layer = {"architecture": name, "components": components, "activation": activation}
        return layer if inner is None else {**layer, "inner_activation": inner}

    def embedding(self, index: int, categories: int, n_out: int) -> dict[str, Any]:
        return {"weights": self.list(categories * n_out), "index": index, "n_out": n_out}

    def conv1d(
        self, sizes: tuple[int, int, int], padding: str, activation: Any, dilation: int = 1
    ) -> dict[str, Any]:
        taps, n_in, n_out = sizes
        weights = {"weights": self.list(taps * n_in * n_out), "bias": self.list(n_out)}
        options = {"dilation_rate": dilation, "padding": padding, "activation": activation}
        return {"architecture": "conv1d", **weights, **options}


def files() -> dict[str, Any]:
    """Return the files by name."""
    return {
        "by_hand": _by_hand(),
        "conv1d_by_hand": _conv1d(),
        "embedding_of_any_column": _embedding_of_any_column(),
        "sequences_by_hand": _sequences(),
        "sequential": _sequential(),
        "sequential_rnn": _sequential_rnn(),
    }


def with_parameter(function: str, alpha: float) -> dict[str, Any]:
    return {"function": function, "alpha": alpha}


def variables(n: int, **more: Any) -> list[dict[str, Any]]:
    return [
        {"name": f"v{k}", "offset": 0.5 * k, "scale": "1.5e0", "default": 0, **more}
        for k in range(n)
    ]


def labels(n: int) -> list[str]:
    return [f"y{k}" for k in range(n)]


def _by_hand() -> dict[str, Any]:
    make = Numbers(7)
    names = ["abs", "elu", "sigmoid_legacy", "hard_sigmoid_legacy", "tanh_legacy"]
    spelled = [*names, "rectified_legacy", with_parameter("tanh", 0)]
    layers = [make.dense(3, 3, activation) for activation in spelled]
    pairs = [make.pair(3, 3) for _ in range(5)]
    layers += [
        {"architecture": "maxout", "sublayers": pairs[:3]},
        {
            "architecture": "highway",
            "components": {"t": pairs[3], "carry": pairs[4]},
            "activation": "rectified",
        },
    ]
    ends = list(range(len(layers)))
    nodes: list[dict[str, Any]] = [{"type": "concatenate", "sources": [k + 1 for k in ends]}]
    nodes += [{"type": "feed_forward", "sources": [len(ends) + 1], "layer_index": k} for k in ends]
    nodes += [{"type": "input", "sources": [0], "size": 3}]
    return {
        "inputs": [{"name": "physics", "variables": variables(3)}],
        "input_sequences": [],
        "nodes": nodes,
        "layers": layers,
        "outputs": {"all": {"labels": labels(3 * len(ends)), "node_index": 0}},
    }


def _sequences() -> dict[str, Any]:
    """Every way to read a sequence: step by step, whole, its last step, its sum."""
    make = Numbers(8)
    layers = [
        make.dense(2, 3, "rectified"),  # of a vector and of every step
        make.recurrent("lstm", 3, 2, with_parameter("swish", 0.7), "hard_sigmoid"),
        make.recurrent("gru", 2, 3, with_parameter("leakyrelu", 0.1), "sigmoid_legacy"),
        make.recurrent("simplernn", 3, 2, "abs", "tanh"),
        make.dense(3, 2, with_parameter("elu", 0.4)),
    ]
    nodes: list[dict[str, Any]] = [
        {"type": "input", "sources": [0], "size": 2},
        {"type": "input_sequence", "sources": [0], "size": 2},
        {"type": "feed_forward", "sources": [0], "layer_index": 0},
        {"type": "time_distributed", "sources": [1], "layer_index": 0},
        {"type": "sequence", "sources": [3], "layer_index": 1},
        {"type": "sequence", "sources": [4], "layer_index": 2},
        {"type": "sequence", "sources": [5], "layer_index": 3},
        {"type": "sum", "sources": [1]},
        {"type": "sum", "sources": [5]},
        {"type": "feed_forward", "sources": [5], "layer_index": 4},
        {"type": "add", "sources": [4, 6, 7, 9]},
        {"type": "concatenate", "sources": [2, 4, 8, 10, 6]},
    ]
    return {
        "inputs": [{"name": "same", "variables": variables(2)}],
        "input_sequences": [{"name": "same", "variables": variables(2, scale=0.25)}],
        "nodes": nodes,
        "layers": layers,
        "outputs": {"all": {"labels": labels(12), "node_index": 11}},
    }


def _conv1d() -> dict[str, Any]:
    """Every padding, odd and even kernels, and softmax, which LWTNN takes over the steps."""
    make = Numbers(9)
    sizes = (3, 2, 2), (4, 2, 2)
    layers = [
        make.conv1d(size, padding, activation, dilation)
        for size in sizes
        for padding, activation in zip(
            ("valid", "same", "causal"), ("linear", "tanh", "softmax"), strict=True
        )
        for dilation in (1, 2, 3)
    ]
    nodes: list[dict[str, Any]] = [{"type": "input_sequence", "sources": [0], "size": 2}]
    nodes += [{"type": "sequence", "sources": [0], "layer_index": k} for k in range(len(layers))]
    sums = [{"type": "sum", "sources": [k + 1]} for k in range(len(layers))]
    lasts = [k + 1 for k in range(len(layers))]
    joined = [*range(len(nodes), len(nodes) + len(sums)), *lasts]
    nodes += [*sums, {"type": "concatenate", "sources": joined}]
    return {
        "inputs": [],
        "input_sequences": [{"name": "track", "variables": variables(2)}],
        "nodes": nodes,
        "layers": layers,
        "outputs": {"all": {"labels": labels(4 * len(layers)), "node_index": len(nodes) - 1}},
        "caloexport": {"steps": [11]},
    }


def _embedding_of_any_column() -> dict[str, Any]:
    """With as many steps as values, the C++ embeds other values than the last, too."""
    make = Numbers(10)
    tables = [make.embedding(0, 4, 1), make.embedding(2, 3, 2)]
    embedding = {"architecture": "embedding", "sublayers": tables}
    whole = [{"name": f"c{k}", "offset": 0, "scale": 1} for k in range(3)]
    return {
        "inputs": [],
        "input_sequences": [{"name": "track", "variables": whole}],
        "nodes": [
            {"type": "input_sequence", "sources": [0], "size": 3},
            {"type": "sequence", "sources": [0], "layer_index": 0},
            {"type": "time_distributed", "sources": [1], "layer_index": 1},
        ],
        "layers": [embedding, make.dense(4, 3, "softmax")],
        "outputs": {"all": {"labels": labels(3), "node_index": 2}},
    }


def _sequential() -> dict[str, Any]:
    make = Numbers(11)
    return {
        "inputs": variables(3),
        "layers": [
            {"architecture": "normalization", "weights": [2, 0, -1], "bias": [1, 2, 3]},
            make.dense(3, 4, "sigmoid"),
            {"architecture": "maxout", "sublayers": [make.pair(4, 2), make.pair(4, 2)]},
            {"architecture": "dense", "weights": [], "bias": [], "activation": "softmax"},
        ],
        "outputs": labels(2),
        "miscellaneous": {"scheme": "example"},
    }


def _sequential_rnn() -> dict[str, Any]:
    make = Numbers(12)
    whole = [{"name": f"c{k}", "offset": 0, "scale": 1} for k in range(2)]
    return {
        "inputs": whole,
        "layers": [
            {"architecture": "embedding", "sublayers": [make.embedding(1, 3, 2)]},
            make.recurrent("lstm", 3, 3, "tanh", "sigmoid"),
            make.recurrent("gru", 3, 2, "tanh", "hard_sigmoid"),
            make.dense(2, 2, "softmax"),
        ],
        "outputs": labels(2),
    }
