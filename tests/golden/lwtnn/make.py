"""Remake the golden numbers: small networks of our own, evaluated by the real LWTNN.

    python -m tests.golden.lwtnn.make DRIVER

DRIVER is a program linked to LWTNN 2.14.1 that is called with a graph JSON and a text file (first
line: number of cases, then of steps of each sequence; then one line per case with the values of all
inputs, then those of the sequences step by step), and prints the outputs per case with 17 digits, in
the order of the labels, a sequence step by step. For a sequential JSON it takes
``LightweightNeuralNetwork``, or with steps ``LightweightRNN``; else ``LightweightGraph``, with
``scan`` where ``compute`` throws.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.converters.lwtnn.graph import Graph
from caloexport.converters.lwtnn.network import network_of
from caloexport.converters.lwtnn.read import read_lwtnn
from caloexport.converters.lwtnn.vocabulary import minimum_version
from caloexport.converters.lwtnn.write import write_graph
from caloexport.converters.targets import targets
from caloexport.runtime.arrays import Array
from caloexport.runtime.categories import category_columns
from caloexport.runtime.network import Network, Node
from tests.golden.lwtnn import by_hand, sequences
from tests.golden.lwtnn.maker import Maker, act

HERE = Path(__file__).parent
CASES = 6
ACTIVATIONS: dict[str, dict[str, Any]] = {
    "linear": {"function": "linear"},
    "relu": {"function": "relu"},
    "relu6": {"function": "relu", "max_value": 6.0},
    "sloped": {"function": "relu", "negative_slope": 0.1, "max_value": 4.0},
    "leaky": {"function": "leaky_relu", "negative_slope": 0.3},
    "elu": {"function": "elu", "alpha": 0.7},
    "selu": {"function": "selu"},
    "sigmoid": {"function": "sigmoid"},
    "hard2": {"function": "hard_sigmoid", "slope": 0.2},
    "hard3": {"function": "hard_sigmoid", "slope": 1 / 6},
    "tanh": {"function": "tanh"},
    "softmax": {"function": "softmax"},
}


def networks() -> dict[str, Network]:
    """Return the networks, as a user would hand them in."""
    return {
        "activations": _activations(),
        "two_inputs": _two_inputs(),
        "residual": _residual(),
        "swish": _swish(),
        "normalization": _normalization(),
        "grouped_softmax": _grouped_softmax(),
        **sequences.networks(),
    }


def _activations() -> Network:
    make, nodes = Maker(1), []
    for name, attributes in ACTIVATIONS.items():
        nodes += [make.dense(f"{name}_in", "x", 4, 3), act(name, f"{name}_in", attributes)]
        # and one that cannot be merged into a dense layer
        nodes.append(act(f"{name}_alone", "x", attributes))
    joined = [part for name in ACTIVATIONS for part in (name, f"{name}_alone")]
    nodes.append(Node("joined", "concatenate", tuple(joined)))
    return Network({"x": (4,)}, nodes, ["joined"])


def _two_inputs() -> Network:
    """FastCaloGAN: latents and conditions, dense, batch normalization, swish."""
    make = Maker(2)
    nodes = [
        Node("joined", "concatenate", ("Noise", "mycond")),
        make.dense("d1", "joined", 8, 10),
        make.norm("n1", "d1", 10, dead=1),
        make.swish("s1", "n1", np.ones(1)),
        make.dense("d2", "s1", 10, 12),
        make.norm("n2", "d2", 12),
        act("r2", "n2", {"function": "relu"}),
        Node("drop", "dropout", ("r2",), {}),
        make.dense("out", "drop", 12, 15),
    ]
    return Network({"Noise": (6,), "mycond": (2,)}, nodes, ["out"])


def _residual() -> Network:
    make = Maker(3)
    nodes = [
        make.dense("d1", "x", 5, 8),
        act("a1", "d1", {"function": "elu", "alpha": 1.0}),
        make.dense("d2", "a1", 8, 8),
        act("a2", "d2", {"function": "tanh"}),
        Node("sum", "add", ("a1", "a2", "d1")),
        make.dense("d3", "sum", 8, 8),
        Node("sum2", "add", ("sum", "d3")),
        Node("folded", "reshape", ("sum2",), {"shape": [2, 2, 2]}),
    ]
    return Network({"x": (5,)}, nodes, ["folded"])


def _swish() -> Network:
    """A β for the layer, β per unit (negative, zero, large), products far beyond 30."""
    make = Maker(4)
    nodes = [
        make.dense("d1", "x", 4, 6),
        make.swish("scalar", "d1", np.array([1.7])),
        make.dense("d2", "scalar", 6, 6),
        make.swish("unit", "d2", np.array([1.0, -0.5, 0.0, 3.0, 40.0, 1e-4])),
        make.dense("d3", "unit", 6, 6),
        make.swish("last", "d3", np.array([0.5, 1.5, 2.5, 8.0, 20.0, 60.0])),
    ]
    return Network({"x": (4,)}, nodes, ["last"])


def _normalization() -> Network:
    """Normalizations that nothing can take up, one with γ = 0."""
    make = Maker(5)
    nodes = [
        make.norm("first", "x", 4),
        act("a1", "first", {"function": "leaky_relu", "negative_slope": 0.2}),
        make.norm("middle", "a1", 4, dead=2),
        act("a2", "middle", {"function": "sigmoid"}),
        make.norm("last", "a2", 4),
    ]
    return Network({"x": (4,)}, nodes, ["last"])


def _grouped_softmax() -> Network:
    make = Maker(6)
    groups = {"function": "grouped_softmax", "groups": [3, 5, 2]}
    nodes = [
        make.dense("trunk", "x", 4, 6),
        act("relu", "trunk", {"function": "relu"}),
        make.dense("cells", "relu", 6, 12),
        act("fractions", "cells", groups),
    ]
    return Network({"x": (4,)}, nodes, ["fractions"])


def write_all(folder: Path) -> None:
    """Write the graphs."""
    for name, network in networks().items():
        prepared = targets["lwtnn"].prepare(network)
        about = {"lwtnn_minimum": minimum_version(prepared)}
        write_graph(folder / f"{name}.json", prepared, about)
    for name, data in by_hand.files().items():
        (folder / f"{name}.json").write_text(json.dumps(data) + "\n")


def inputs(graph: Graph) -> Array:
    """Return cases of growing size, so that every clamp is reached; categories where they belong."""
    random = np.random.RandomState(graph.n_in)
    sizes = np.array([[0.1], [1], [3], [10], [30], [100]])
    x = random.normal(size=(CASES, graph.n_in)) * sizes
    for column, count in category_columns(network_of(graph)).items():
        x[:, column] = (np.arange(CASES) + column) % count
    return x


def given_by_the_library(driver: str, path: Path, graph: Graph, x: Array) -> list[list[float]]:
    """Return the outputs of the real library."""
    in_file = [*graph.inputs, *graph.sequences]
    columns = np.concatenate([np.arange(p.position, p.position + p.size) for p in in_file])
    head = [len(x), *(sequence.steps for sequence in graph.sequences)]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as stream:
        stream.write(" ".join(map(str, head)) + "\n")
        rows = x[:, columns].tolist()
        stream.writelines(" ".join(map(repr, row)) + "\n" for row in rows)
        stream.flush()
        call = [driver, str(path), stream.name]
        done = subprocess.run(call, capture_output=True, text=True, check=True)
    return [[float(v) for v in line.split()] for line in done.stdout.splitlines()]


def main(driver: str) -> None:
    """Write graphs and golden outputs."""
    write_all(HERE)
    for path in sorted(HERE.glob("*.json")):
        if path.name.endswith(".golden.json"):
            continue
        graph = read_lwtnn(path, steps=by_hand.STEPS.get(path.stem))
        x = inputs(graph)
        y = given_by_the_library(driver, path, graph, x)
        rows = {"library": "LWTNN 2.14.1", "inputs": x.tolist(), "outputs": y}
        path.with_suffix(".golden.json").write_text(json.dumps(rows) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
