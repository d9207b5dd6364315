"""Read LWTNN's JSON, graph or sequential, and build it as the C++ does.

What the C++ refuses, when it reads, builds or first computes, is refused here when reading, with
the same meaning. What the C++ silently computes wrongly is refused too: too many, too few or
equal labels; leakyrelu and swish without alpha; a normalization of another length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.converters.lwtnn import ptree
from caloexport.converters.lwtnn.json_stream import read_json
from caloexport.converters.lwtnn.layers import Built, Layer, build_layer, parse_layer
from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import InputFileError, UnsupportedError

SEQUENCE_NODES = ("input_sequence", "sequence", "time_distributed", "sum")
#: a graph that concatenates itself grows without end
WIDTH_LIMIT = 1 << 24


@dataclass(frozen=True, eq=False)
class InputNode:
    """One entry of ``inputs``: the network sees (x + offsets)·scales."""

    name: str
    variables: tuple[str, ...]
    offsets: Float64
    scales: Float64


@dataclass(frozen=True)
class GraphNode:
    """One entry of ``nodes``.

    Attributes:
        kind: ``input``, ``feed_forward``, ``concatenate`` or ``add``.
        sources: indices of nodes; for an input the index into ``inputs``.
        number: ``size`` of an input, ``layer_index`` of feed_forward, else -1.
        where: its place in the file.
        name: of our own layer, when we wrote the file.
    """

    kind: str
    sources: tuple[int, ...]
    number: int
    where: str
    name: str


@dataclass(eq=False)
class Graph:
    """A graph that is built and checked.

    Attributes:
        inputs: in the order of the file.
        nodes: in the order of the file.
        order: indices of the nodes that the output needs, in an order to evaluate them in.
        widths: number of values that each node gives.
        built: layers by ``layer_index``.
        output: index of the output node.
        labels: one for each value of the output.
        about: the object under the key ``caloexport``, if we wrote the file.
    """

    inputs: list[InputNode]
    nodes: list[GraphNode]
    order: list[int] = field(default_factory=list)
    widths: dict[int, int] = field(default_factory=dict)
    built: dict[int, Built] = field(default_factory=dict)
    output: int = 0
    labels: list[str] = field(default_factory=list)
    about: Any = None

    @property
    def n_in(self) -> int:
        """Number of input values: all variables, in the order of the file."""
        return sum(len(node.variables) for node in self.inputs)


def read_lwtnn(path: Path, output: str | None = None) -> Graph:
    """Read an LWTNN file.

    Args:
        path: graph or sequential JSON.
        output: which output, where a graph has several.

    Raises:
        InputFileError: whatever the C++ would refuse or silently compute wrongly.
        UnsupportedError: recurrent or convolutional parts.
    """
    where = str(path)
    data = read_json(path)
    if isinstance(data, dict) and isinstance(data.get("outputs"), list):
        data = _as_graph(data, where)
    inputs = [
        _input_node(one, f"{where}: inputs[{k}]")
        for k, one in enumerate(ptree.listing(data, "inputs", where))
    ]
    _refuse_sequences(data, where)
    nodes = [
        _node(one, f"{where}: nodes[{k}]")
        for k, one in enumerate(ptree.listing(data, "nodes", where))
    ]
    layers = [
        parse_layer(one, f"{where}: layers[{k}]")
        for k, one in enumerate(ptree.listing(data, "layers", where))
    ]
    _refuse_repeated([node.name for node in inputs], "input nodes", where)
    graph = Graph(inputs, nodes, about=data.get("caloexport"))
    graph.output, graph.labels = _output(data, output, where)
    everything = _order(nodes, range(len(nodes)), where)
    _build(graph, everything, layers)
    _check_output(graph, where)
    graph.order = _order(nodes, [graph.output], where)
    return graph


def _as_graph(data: dict[str, Any], where: str) -> dict[str, Any]:
    """Turn the sequential format into a graph: one input node and a chain of layers."""
    variables = ptree.listing(data, "inputs", where)
    layers = ptree.listing(data, "layers", where)
    nodes: list[dict[str, Any]] = [{"type": "input", "sources": [0], "size": len(variables)}]
    nodes += [
        {"type": "feed_forward", "sources": [k], "layer_index": k} for k in range(len(layers))
    ]
    labels = {"labels": data["outputs"], "node_index": len(layers)}
    return {
        "inputs": [{"name": "inputs", "variables": variables}],
        "input_sequences": [],
        "nodes": nodes,
        "layers": layers,
        "outputs": {"outputs": labels},
    }


def _input_node(data: Any, where: str) -> InputNode:
    name = ptree.text(data, "name", where)
    variables = ptree.listing(data, "variables", where)
    places = [f"{where}.variables[{k}]" for k in range(len(variables))]
    if not variables:
        message = "an input node needs at least one variable"
        raise InputFileError(message, where=where)
    names = tuple(ptree.text(v, "name", p) for v, p in zip(variables, places, strict=True))
    _refuse_repeated(names, "variables", where)
    offsets = [ptree.number(v, "offset", p) for v, p in zip(variables, places, strict=True)]
    scales = [ptree.number(v, "scale", p) for v, p in zip(variables, places, strict=True)]
    return InputNode(name, names, np.array(offsets), np.array(scales))


def _refuse_sequences(data: Any, where: str) -> None:
    if ptree.listing(data, "input_sequences", where):
        message = "the graph has input sequences, which are not evaluated here"
        raise UnsupportedError(message, where=where, hint="feed-forward graphs only")


def _node(data: Any, where: str) -> GraphNode:
    sources = ptree.integers(data, "sources", where)
    if any(source < 0 for source in sources):
        message = f"node source number must be positive, found {min(sources)}"
        raise InputFileError(message, where=where)
    kind = ptree.text(data, "type", where)
    if kind in SEQUENCE_NODES:
        message = f"the node is of type '{kind}', which is not evaluated here"
        raise UnsupportedError(message, where=where, hint="feed-forward graphs only")
    keys = {"input": "size", "feed_forward": "layer_index", "concatenate": None, "add": None}
    if kind not in keys:
        message = f"no node type '{kind}'"
        raise InputFileError(message, where=where, hint=f"known: {', '.join(keys)}")
    key = keys[kind]
    number = -1 if key is None else ptree.integer(data, key, where)
    if kind in ("input", "feed_forward") and len(sources) != 1:
        message = f"need one source, found {len(sources)}"
        raise InputFileError(message, where=where)
    if kind in ("concatenate", "add") and not sources:
        message = f"a node of type '{kind}' must have sources"
        raise InputFileError(message, where=where)
    name = data.get("name")
    return GraphNode(kind, tuple(sources), number, where, name if isinstance(name, str) else "")


def _output(data: Any, wanted: str | None, where: str) -> tuple[int, list[str]]:
    outputs = ptree.child(data, "outputs", where)
    if not isinstance(outputs, dict) or not outputs:
        message = "'outputs' must be an object with at least one output"
        raise InputFileError(message, where=where)
    parsed = {}
    for name in outputs:
        place = f"{where}: outputs.{name}"
        labels = ptree.listing(outputs[name], "labels", place)
        if not all(isinstance(label, str) for label in labels):
            message = "labels must be texts"
            raise InputFileError(message, where=place)
        index = ptree.integer(outputs[name], "node_index", place)
        if index < 0:
            message = f"output node index is negative: {index}"
            raise InputFileError(message, where=place)
        parsed[name] = index, labels
    if wanted is None and len(parsed) > 1:
        message = f"you must specify one of the {len(parsed)} outputs"
        hint = f"outputs: {', '.join(parsed)}; Athena and Par04 take files with exactly one"
        raise InputFileError(message, where=where, hint=hint)
    name = next(iter(parsed)) if wanted is None else wanted
    if name not in parsed:
        message = f"no output node '{name}'"
        raise InputFileError(message, where=where, hint=f"outputs: {', '.join(parsed)}")
    return parsed[name]


def _order(nodes: list[GraphNode], roots: Sequence[int], where: str) -> list[int]:
    """Return the nodes that the roots need, each after its sources."""
    order: list[int] = []
    done: set[int] = set()
    open_nodes: set[int] = set()
    stack = [(root, False) for root in reversed(roots)]
    while stack:
        index, leaving = stack.pop()
        if leaving:
            open_nodes.discard(index)
            done.add(index)
            order.append(index)
            continue
        if index in done:
            continue
        if index in open_nodes:
            message = f"found cycle in graph through node {index}"
            raise InputFileError(message, where=where)
        if index >= len(nodes):
            message = f"no node index {index}, the graph has {len(nodes)} nodes"
            raise InputFileError(message, where=where)
        open_nodes.add(index)
        stack.append((index, True))
        if nodes[index].kind != "input":
            stack += [(source, False) for source in nodes[index].sources if source not in done]
    return order


def _build(graph: Graph, order: list[int], layers: list[Layer]) -> None:
    """Find the width of every node and build the layers for it."""
    for index in order:
        node = graph.nodes[index]
        if node.kind == "input":
            width = _input_width(graph, node)
        elif node.kind == "feed_forward":
            width = _feed_forward_width(graph, node, layers)
        else:
            widths = [graph.widths[source] for source in node.sources]
            if node.kind == "add" and len(set(widths)) > 1:
                message = f"all sources of an add layer must have same dimension, found {widths}"
                raise InputFileError(message, where=node.where)
            width = widths[0] if node.kind == "add" else sum(widths)
        if width > WIDTH_LIMIT:
            message = f"{width} values wide, more than {WIDTH_LIMIT}"
            raise InputFileError(message, where=node.where)
        graph.widths[index] = width


def _input_width(graph: Graph, node: GraphNode) -> int:
    (source,) = node.sources
    if source >= len(graph.inputs):
        message = f"no input number {source}, the file has {len(graph.inputs)}"
        raise InputFileError(message, where=node.where)
    found = len(graph.inputs[source].variables)
    if found != node.number:
        message = f"found vector of length {found}, expected {node.number}"
        raise InputFileError(message, where=node.where)
    return found


def _feed_forward_width(graph: Graph, node: GraphNode, layers: list[Layer]) -> int:
    if not 0 <= node.number < len(layers):
        message = f"no layer number {node.number}, the file has {len(layers)}"
        raise InputFileError(message, where=node.where)
    n_in = graph.widths[node.sources[0]]
    if node.number not in graph.built:
        graph.built[node.number] = build_layer(layers[node.number], n_in)
    built = graph.built[node.number]
    if built.n_in != n_in:
        message = f"layer {node.number} was built for {built.n_in} inputs, this node gives {n_in}"
        raise InputFileError(message, where=node.where)
    return built.n_out


def _check_output(graph: Graph, where: str) -> None:
    if graph.output >= len(graph.nodes):
        message = f"no output at {graph.output}, the graph has {len(graph.nodes)} nodes"
        raise InputFileError(message, where=where)
    width = graph.widths[graph.output]
    if len(graph.labels) != width:
        message = (
            f"{len(graph.labels)} labels for an output of {width} values: the C++ would cut or "
            "read past the end without a word"
        )
        raise InputFileError(message, where=where)
    _refuse_repeated(graph.labels, "labels", where)


def _refuse_repeated(names: Sequence[str], what: str, where: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            message = f"two {what} are called '{name}'"
            raise InputFileError(message, where=where)
        seen.add(name)
