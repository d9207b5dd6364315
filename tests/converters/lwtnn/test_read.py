from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from caloexport.converters.lwtnn.graph import Graph
from caloexport.converters.lwtnn.read import read_lwtnn
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError, UsageError
from tests.converters.lwtnn.graphs import small_graph, written

Change = Callable[[dict[str, Any]], Any]


def layer(**changes: Any) -> Change:
    return lambda graph: graph["layers"][0].update(changes)


def node(index: int, **changes: Any) -> Change:
    return lambda graph: graph["nodes"][index].update(changes)


def add_node(**new: Any) -> Change:
    return lambda graph: graph["nodes"].append(new)


def output(**changes: Any) -> Change:
    return lambda graph: graph["outputs"]["out"].update(changes)


def without(*keys: Any) -> Change:
    def remove(graph: Any) -> None:
        for key in keys[:-1]:
            graph = graph[key]
        del graph[keys[-1]]

    return remove


def variable(**changes: Any) -> Change:
    return lambda graph: graph["inputs"][0]["variables"][0].update(changes)


def instead(**new: Any) -> Change:
    def replace(graph: dict[str, Any]) -> None:
        graph["layers"][0] = new

    return replace


PAIR = {"weights": [1.0] * 9, "bias": [1.0] * 3}

#: id -> (what is changed, what the message says); the C++ throws on all of these
REFUSED_BY_LIBRARY: dict[str, tuple[Change, str]] = {
    "no inputs": (without("inputs"), r"no such node \(inputs\)"),
    "no input_sequences": (without("input_sequences"), r"no such node \(input_sequences\)"),
    "no nodes": (without("nodes"), r"no such node \(nodes\)"),
    "no layers": (without("layers"), r"no such node \(layers\)"),
    "no outputs": (without("outputs"), r"no such node \(outputs\)"),
    "no bias": (without("layers", 0, "bias"), r"layers\[0\]: no such node \(bias\)"),
    "no weights": (without("layers", 0, "weights"), r"no such node \(weights\)"),
    "no architecture": (without("layers", 0, "architecture"), "architecture"),
    "no activation": (without("layers", 0, "activation"), "undefined activation function"),
    "no scale": (without("inputs", 1, "variables", 1, "scale"), r"variables\[1\].*\(scale\)"),
    "no offset": (without("inputs", 0, "variables", 0, "offset"), r"\(offset\)"),
    "number for a component": (
        instead(architecture="highway", components={"t": 7, "carry": PAIR}, activation="tanh"),
        r"components.t: expected an object, found 7|components.t.*expected an object",
    ),
    "recurrent layer of a vector": (layer(architecture="lstm"), r"no such node \(components\)"),
    "no labels": (without("outputs", "out", "labels"), r"outputs.out: .*\(labels\)"),
    "no node_index": (without("outputs", "out", "node_index"), r"\(node_index\)"),
    "no sources": (without("nodes", 0, "sources"), r"nodes\[0\]: no such node \(sources\)"),
    "no size": (without("nodes", 0, "size"), r"\(size\)"),
    "no layer_index": (without("nodes", 3, "layer_index"), r"\(layer_index\)"),
    "no alpha": (layer(activation={"function": "elu"}), r"activation: no such node \(alpha\)"),
    "no function": (layer(activation={"alpha": 1}), r"no such node \(function\)"),
    "alpha list": (layer(activation={"function": "swish", "alpha": [1]}), "a list of 1"),
    "null": (variable(scale=None), "expected a finite number, found null"),
    "true": (variable(scale=True), "expected a finite number, found true"),
    "text for number": (variable(scale="one"), "expected a finite number, found 'one'"),
    "quoted NaN": (variable(scale="NaN"), "found 'NaN'"),
    "null weight": (layer(weights=[None] * 6), r"weights\[0\]: expected a finite number"),
    "float index": (node(3, layer_index=0.0), "expected an integer, found 0.0"),
    "float size": (node(0, size=1.0), "expected an integer, found 1.0"),
    "float source": (node(3, sources=[2.0]), r"sources\[0\]: expected an integer"),
    "float node_index": (output(node_index=3.0), "expected an integer, found 3.0"),
    "unknown activation": (layer(activation="relu"), "function 'relu' not recognized.*rectified"),
    "empty activation": (layer(activation=""), "'' not recognized"),
    "unknown architecture": (layer(architecture="conv7d"), "'conv7d' not recognized"),
    "unknown node type": (node(2, type="multiply"), "no node type 'multiply'"),
    "negative source": (node(3, sources=[-1]), "must be positive, found -1"),
    "negative node_index": (output(node_index=-3), "output node index is negative"),
    "negative layer": (node(3, layer_index=-1), "no layer number -1"),
    "weights do not divide": (layer(weights=[1.0] * 7), "Elements: 7, inputs: 3"),
    "bias length": (layer(bias=[1.0] * 3), "bias layer with 3 entries, the layer has 2"),
    "layer out of range": (node(3, layer_index=1), "no layer number 1"),
    "source out of range": (node(3, sources=[9]), "no node index 9"),
    "unused node out of range": (add_node(type="add", sources=[77]), "no node index 77"),
    "cycle": (node(2, sources=[3]), "found cycle in graph"),
    "self": (node(3, sources=[3]), "found cycle in graph"),
    "two sources": (node(3, sources=[0, 1]), "need one source, found 2"),
    "add of nothing": (add_node(type="add", sources=[]), "must have sources"),
    "add of two sizes": (add_node(type="add", sources=[2, 3]), r"same dimension, found \[3, 2\]"),
    "node_index out of range": (output(node_index=4), "no output at 4"),
    "size": (node(1, size=3), "found vector of length 2, expected 3"),
    "input out of range": (node(1, sources=[2]), "no input number 2"),
    "maxout of nothing": (
        instead(architecture="maxout", sublayers=[]),
        "maxout without weights",
    ),
    "uneven maxout": (
        instead(architecture="maxout", sublayers=[PAIR, {"weights": [1, 2, 3], "bias": [1]}]),
        r"uneven matrices for maxout: \[1, 3\]",
    ),
    "highway without carry": (
        instead(architecture="highway", components={"t": PAIR}, activation="tanh"),
        r"no such node \(carry\)",
    ),
    "highway bias": (
        instead(
            architecture="highway",
            components={"t": PAIR, "carry": {"weights": [1.0] * 9, "bias": [1]}},
            activation="tanh",
        ),
        "output dims mismatch, W: 3, b: 1",
    ),
    "two outputs": (
        lambda graph: graph["outputs"].update(more=graph["outputs"]["out"]),
        "one of the 2 outputs",
    ),
}

#: the C++ computes something, and it is wrong
SILENT_IN_LIBRARY: dict[str, tuple[Change, str]] = {
    "too many labels": (output(labels=["a", "b", "c"]), "3 labels for an output of 2 values"),
    "too few labels": (output(labels=["a"]), "1 labels for an output of 2 values"),
    "equal labels": (output(labels=["a", "a"]), "two labels are called 'a'"),
    "bare swish": (layer(activation="swish"), "'swish' without alpha: .* NaN"),
    "bare leakyrelu": (layer(activation="leakyrelu"), "'leakyrelu' without alpha"),
    "short normalization": (
        instead(architecture="normalization", weights=[1.0, 2.0], bias=[0.0, 0.0]),
        "normalization of 3 inputs has 2 weights",
    ),
    "long normalization": (
        instead(architecture="normalization", weights=[1.0] * 3, bias=[0.0] * 4),
        "normalization of 3 inputs has 4 bias",
    ),
    "list without brackets": (layer(bias=3), "expected a list, found 3"),
    "layer shared by two sizes": (
        lambda graph: (
            graph["layers"][0].update(weights=[], bias=[]),
            graph["nodes"].append({"type": "feed_forward", "sources": [0], "layer_index": 0}),
        ),
        "built for 3 inputs, this node gives 1",
    ),
    "two inputs of one name": (
        lambda graph: graph["inputs"][0].update(name="b"),
        "two input nodes are called 'b'",
    ),
    "no variables": (lambda graph: graph["inputs"][0].update(variables=[]), "at least one"),
    "highway of another size": (
        instead(
            architecture="highway",
            components={"t": PAIR, "carry": {"weights": [1.0] * 6, "bias": [1, 2]}},
            activation="tanh",
        ),
        "3 and 2 outputs",
    ),
}


def weights_of(graph: Graph) -> Array:
    """Return the weights of the first layer."""
    part = graph.layers[0].part
    assert part is not None
    return part.weights


DEFECTS = {**REFUSED_BY_LIBRARY, **SILENT_IN_LIBRARY}


@pytest.mark.parametrize("name", DEFECTS)
def test_malformed_graphs_are_refused(name: str, tmp_path: Path) -> None:
    change, message = DEFECTS[name]
    graph = small_graph()
    change(graph)
    path = written(tmp_path, graph)
    with pytest.raises(InputFileError, match=message) as caught:
        read_lwtnn(path)
    assert str(path) in str(caught.value)


def test_the_graph_that_is_changed_above_is_valid(tmp_path: Path) -> None:
    graph = read_lwtnn(written(tmp_path, small_graph()))
    assert (graph.n_in, graph.widths[graph.output]) == (3, 2)


def test_a_sequential_file_counts_its_labels(tmp_path: Path) -> None:
    variables = [{"name": f"v{k}", "offset": 0, "scale": 1} for k in range(3)]
    layers = small_graph()["layers"]
    network = {"inputs": variables, "layers": layers, "outputs": ["a"]}
    with pytest.raises(InputFileError, match="1 labels for an output of 2"):
        read_lwtnn(written(tmp_path, network))


def test_numbers_in_quotes_are_read_as_the_library_reads_them(tmp_path: Path) -> None:
    graph = small_graph()
    graph["layers"][0]["weights"] = ["1", "2e0", " 3.", "4", "+5", "6.5"]
    graph["nodes"][3]["layer_index"] = "0"
    found = read_lwtnn(written(tmp_path, graph))
    assert weights_of(found).tolist() == [1, 2, 3, 4, 5, 6.5]


def test_a_graph_that_grows_without_end_is_refused(tmp_path: Path) -> None:
    graph = small_graph()
    for _ in range(40):
        last = len(graph["nodes"]) - 1
        graph["nodes"].append({"type": "concatenate", "sources": [last, last]})
    with pytest.raises(InputFileError, match="values wide, more than"):
        read_lwtnn(written(tmp_path, graph))


def test_a_long_chain_backwards_needs_no_deep_stack(tmp_path: Path) -> None:
    graph = small_graph()
    first = len(graph["nodes"])
    links = 2000
    # each node reads the next one in the list; the last reads the dense layer
    for k in range(links):
        source = first + k + 1 if k < links - 1 else 3
        graph["nodes"].append({"type": "add", "sources": [source]})
    graph["outputs"]["out"]["node_index"] = first
    assert len(read_lwtnn(written(tmp_path, graph)).order) == links + 4


def test_an_output_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no output 'cells' .*outputs: out"):
        read_lwtnn(written(tmp_path, small_graph()), output="cells")
