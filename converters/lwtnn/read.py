"""Read LWTNN's JSON, graph or sequential, and build it as the C++ does.

What the C++ refuses, when it reads, builds or first computes, is refused here when reading, with
the same meaning. What the C++ silently computes wrongly is refused too: too many, too few or
equal labels; leakyrelu and swish without alpha; a normalization of another length.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.converters.lwtnn import ptree
from caloexport.converters.lwtnn.architectures import architectures
from caloexport.converters.lwtnn.build import build_graph, refuse_repeated
from caloexport.converters.lwtnn.graph import Graph, GraphNode, InputNode
from caloexport.converters.lwtnn.json_stream import read_json
from caloexport.converters.lwtnn.layer import Layer
from caloexport.converters.lwtnn.sequential import graph_of_sequential, is_sequential
from caloexport.runtime.errors import InputFileError, UsageError

#: ours; the C++ ignores keys that it does not know
OUR_KEY = "caloexport"
#: node type -> key of its number, if it has one
NODES = {
    "input": "size",
    "input_sequence": "size",
    "feed_forward": "layer_index",
    "sequence": "layer_index",
    "time_distributed": "layer_index",
    "concatenate": None,
    "add": None,
    "sum": None,
}


def read_lwtnn(path: Path, output: str | None = None, steps: int | None = None) -> Graph:
    """Read an LWTNN file.

    Args:
        path: graph or sequential JSON.
        output: which output, where a graph has several.
        steps: of the input sequences, where the file (if not ours) leaves them open.

    Raises:
        InputFileError: whatever the C++ would refuse or silently compute wrongly.
    """
    where = str(path)
    data = read_json(path)
    if isinstance(data, dict) and "nodes" not in data and "layers" not in data:
        message = "holds neither nodes nor layers"
        hint = "a variables file of LWTNN's converters? give it with --variables FILE"
        raise InputFileError(message, where=where, hint=hint)
    if is_sequential(data):
        data = graph_of_sequential(data, where)
    inputs = _input_nodes(data, "inputs", where)
    sequences = _input_nodes(data, "input_sequences", where)
    nodes = [
        _node(one, f"{where}: nodes[{k}]")
        for k, one in enumerate(ptree.listing(data, "nodes", where))
    ]
    layers = [
        _layer(one, f"{where}: layers[{k}]")
        for k, one in enumerate(ptree.listing(data, "layers", where))
    ]
    about = data.get(OUR_KEY)
    inputs, sequences = _laid_out(inputs, sequences, about, steps, where)
    graph = Graph(inputs, sequences, nodes, layers, about=about)
    graph.output_name, graph.output, graph.labels = _output(data, output, where)
    build_graph(graph, where)
    return graph


def _input_nodes(data: Any, key: str, where: str) -> list[InputNode]:
    found = ptree.listing(data, key, where)
    nodes = [_input_node(one, f"{where}: {key}[{k}]") for k, one in enumerate(found)]
    refuse_repeated([node.name for node in nodes], "input nodes", where)
    return nodes


def _input_node(data: Any, where: str) -> InputNode:
    name = ptree.text(data, "name", where)
    variables = ptree.listing(data, "variables", where)
    places = [f"{where}.variables[{k}]" for k in range(len(variables))]
    if not variables:
        message = "an input node needs at least one variable"
        raise InputFileError(message, where=where)
    names = tuple(ptree.text(v, "name", p) for v, p in zip(variables, places, strict=True))
    refuse_repeated(names, "variables", where)
    offsets = [ptree.number(v, "offset", p) for v, p in zip(variables, places, strict=True)]
    scales = [ptree.number(v, "scale", p) for v, p in zip(variables, places, strict=True)]
    return InputNode(name, names, np.array(offsets), np.array(scales))


def _laid_out(
    inputs: list[InputNode],
    sequences: list[InputNode],
    about: Any,
    steps: int | None,
    where: str,
) -> tuple[list[InputNode], list[InputNode]]:
    """Give the sequences their number of steps, and every input its place in the input vector.

    A file of ours tells both: under ``steps`` for each sequence, under ``order`` the places of
    inputs and sequences in the list of both.
    """
    ours = about if isinstance(about, dict) else {}
    lengths = [steps or 1] * len(sequences)
    if steps is None and sequences:
        lengths = _whole_numbers(ours.get("steps"), len(sequences), 1)
        if not lengths:
            message = "the file leaves open how many steps its input sequences have"
            raise InputFileError(message, where=where, hint="say it with --steps N")
    sequences = [replace(s, steps=n) for s, n in zip(sequences, lengths, strict=True)]
    everything = [*inputs, *sequences]
    order = _whole_numbers(ours.get("order"), len(everything), 0)
    if sorted(order) != list(range(len(everything))):
        order = list(range(len(everything)))
    position = 0
    for k in order:
        everything[k] = replace(everything[k], position=position)
        position += everything[k].size
    return everything[: len(inputs)], everything[len(inputs) :]


def _whole_numbers(value: Any, count: int, low: int) -> list[int]:
    """Return a list of ``count`` whole numbers from ``low``; an empty one if it is not that."""
    value = value.tolist() if isinstance(value, np.ndarray) else value
    if not isinstance(value, list) or len(value) != count:
        return []
    return value if all(type(n) is int and low <= n < 2**31 for n in value) else []


def _layer(data: Any, where: str) -> Layer:
    name = ptree.text(data, "architecture", where)
    if name not in architectures:
        message = f"architecture '{name}' not recognized"
        raise InputFileError(message, where=where, hint=f"known: {', '.join(architectures)}")
    return architectures[name].parse(data, where)


def _node(data: Any, where: str) -> GraphNode:
    sources = ptree.integers(data, "sources", where)
    if any(source < 0 for source in sources):
        message = f"node source number must be positive, found {min(sources)}"
        raise InputFileError(message, where=where)
    kind = ptree.text(data, "type", where)
    if kind not in NODES:
        message = f"no node type '{kind}'"
        raise InputFileError(message, where=where, hint=f"known: {', '.join(NODES)}")
    key = NODES[kind]
    number = -1 if key is None else ptree.integer(data, key, where)
    if kind in ("concatenate", "add"):
        if not sources:
            message = f"a node of type '{kind}' must have sources"
            raise InputFileError(message, where=where)
    elif len(sources) != 1:
        message = f"need one source, found {len(sources)}"
        raise InputFileError(message, where=where)
    name = data.get("name")
    ours = isinstance(name, str) and name.isprintable()
    return GraphNode(kind, tuple(sources), number, where, name if ours else "")


def _output(data: Any, wanted: str | None, where: str) -> tuple[str, int, list[str]]:
    outputs = ptree.child(data, "outputs", where)
    if not isinstance(outputs, dict) or not outputs:
        message = "'outputs' must be an object with at least one output"
        raise InputFileError(message, where=where)
    parsed = {}
    for name in outputs:
        if not name.isprintable():
            message = f"an output is called {name!r:.60}, expected printable text"
            raise InputFileError(message, where=where)
        place = f"{where}: outputs.{name}"
        labels = ptree.texts(outputs[name], "labels", place)
        index = ptree.integer(outputs[name], "node_index", place)
        if index < 0:
            message = f"output node index is negative: {index}"
            raise InputFileError(message, where=place)
        parsed[name] = index, labels
    if wanted is None and len(parsed) > 1:
        message = f"you must specify one of the {len(parsed)} outputs"
        hint = f"--take NAME, one of {', '.join(parsed)}; Athena and Par04 take exactly one"
        raise InputFileError(message, where=where, hint=hint)
    name = next(iter(parsed)) if wanted is None else wanted
    if name not in parsed:
        message = f"{where} has no output '{name}'"
        raise UsageError(message, hint=f"outputs: {', '.join(parsed)}")
    return (name, *parsed[name])
