"""Build a graph: the order, width and rank of its nodes, and its layers."""

from __future__ import annotations

from collections.abc import Sequence

from caloexport.converters.lwtnn.architectures import architectures, build_layer
from caloexport.converters.lwtnn.graph import (
    READ_SEQUENCES,
    SEQUENCES,
    SEQUENCES_ONLY,
    Graph,
    GraphNode,
    InputNode,
)
from caloexport.runtime.errors import InputFileError

#: a graph that concatenates itself grows without end
WIDTH_LIMIT = 1 << 24
#: values of all nodes together: a gigabyte in float64
VALUES_LIMIT = 1 << 27


def build_graph(graph: Graph, where: str) -> None:
    """Fill in what follows from nodes and layers; every node is built, as the C++ does.

    Raises:
        InputFileError: a cycle, a wrong index, size or rank, or labels that do not fit.
    """
    for index in order_of(graph.nodes, range(len(graph.nodes)), where):
        node = graph.nodes[index]
        _check_ranks(graph, node)
        width = _width(graph, node)
        if width > WIDTH_LIMIT:
            message = f"{width} values wide, more than {WIDTH_LIMIT}"
            raise InputFileError(message, where=node.where)
        graph.widths[index] = width
    _check_output(graph, where)
    graph.order = order_of(graph.nodes, [graph.output], where)
    total = graph.n_in
    for index in graph.order:
        _count_steps(graph, index)
        total += graph.widths[index] * graph.steps.get(index, 1)
        if total > VALUES_LIMIT:
            message = f"up to this node, one evaluation takes {total:.3g} values"
            hint = f"at most {VALUES_LIMIT} are allowed"
            raise InputFileError(message, where=graph.nodes[index].where, hint=hint)


def order_of(nodes: list[GraphNode], roots: Sequence[int], where: str) -> list[int]:
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
        if nodes[index].kind not in ("input", "input_sequence"):
            stack += [(source, False) for source in nodes[index].sources if source not in done]
    return order


def _check_ranks(graph: Graph, node: GraphNode) -> None:
    """Refuse a vector where a sequence belongs, and the other way round."""
    if node.kind in ("input", "input_sequence"):
        return
    for source in node.sources:
        kind = graph.nodes[source].kind
        if node.kind in READ_SEQUENCES and kind not in SEQUENCES:
            message = f"reads node {source} ({kind}), which gives no sequence"
            raise InputFileError(message, where=node.where)
        if node.kind not in READ_SEQUENCES and kind in SEQUENCES_ONLY:
            message = f"reads node {source} ({kind}), which gives a sequence, expected a vector"
            raise InputFileError(message, where=node.where)


def _width(graph: Graph, node: GraphNode) -> int:
    if node.kind in ("input", "input_sequence"):
        return _input_width(graph, node)
    if node.kind in ("feed_forward", "sequence", "time_distributed"):
        return _layer_width(graph, node)
    widths = [graph.widths[source] for source in node.sources]
    if node.kind == "add" and len(set(widths)) > 1:
        message = f"all sources of an add layer must have same dimension, found {widths}"
        raise InputFileError(message, where=node.where)
    return sum(widths) if node.kind == "concatenate" else widths[0]


def _input_width(graph: Graph, node: GraphNode) -> int:
    entry = _entry(graph.inputs if node.kind == "input" else graph.sequences, node)
    found = len(entry.variables)
    if found != node.number:
        message = f"found vector of length {found}, expected {node.number}"
        raise InputFileError(message, where=node.where)
    return found


def _entry(entries: list[InputNode], node: GraphNode) -> InputNode:
    (source,) = node.sources
    if source >= len(entries):
        message = f"no input number {source}, the file has {len(entries)}"
        raise InputFileError(message, where=node.where)
    return entries[source]


def _layer_width(graph: Graph, node: GraphNode) -> int:
    if not 0 <= node.number < len(graph.layers):
        message = f"no layer number {node.number}, the file has {len(graph.layers)}"
        raise InputFileError(message, where=node.where)
    layer, (source,) = graph.layers[node.number], node.sources
    architecture = architectures[layer.architecture]
    if architecture.sequence != (node.kind == "sequence"):
        what = "non-recurrent layer" if node.kind == "sequence" else "layer that reads sequences"
        message = f"found {what} ('{layer.architecture}') in a node of type '{node.kind}'"
        raise InputFileError(message, where=node.where)
    n_in, key = graph.widths[source], (node.number, architecture.sequence)
    if key not in graph.built:
        graph.built[key] = build_layer(layer, n_in)
    built = graph.built[key]
    if built.n_in != n_in:
        message = f"layer {node.number} was built for {built.n_in} inputs, this node gives {n_in}"
        raise InputFileError(message, where=node.where)
    return built.n_out


def _count_steps(graph: Graph, index: int) -> None:
    """Find how long the sequence of a node is, which the C++ learns when it computes."""
    node = graph.nodes[index]
    (source, *_) = node.sources
    if node.kind == "input_sequence":
        graph.steps[index] = graph.sequences[source].steps or 0
    elif node.kind == "time_distributed":
        graph.steps[index] = graph.steps[source]
    elif node.kind == "sequence":
        built = graph.built_for(node)
        architecture = architectures[built.layer.architecture]
        graph.steps[index] = architecture.steps(built.layer, built.n_in, graph.steps[source])


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
    refuse_repeated(graph.labels, "labels", where)


def refuse_repeated(names: Sequence[str], what: str, where: str) -> None:
    """Refuse a name that stands twice in a list."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            message = f"two {what} are called '{name}'"
            raise InputFileError(message, where=where)
        seen.add(name)
