"""From an LWTNN graph to a network of ours, and the names that its consumer looks values up by."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from caloexport.converters.lwtnn.architectures import architectures
from caloexport.converters.lwtnn.decimals import as_float32
from caloexport.converters.lwtnn.graph import READ_SEQUENCES, Graph, GraphNode, InputNode
from caloexport.runtime.interface import Interface, Port
from caloexport.runtime.layers import layers
from caloexport.runtime.network import Network, Node, Shape

#: labels that end in their number
NUMBERED = re.compile(r"(.*?)0", re.DOTALL)


def network_of(graph: Graph) -> Network:
    """Return the network that a graph means, in float32 where it was written from float32.

    Offset and scale of an input become a normalization. A sequence that is read as a vector gives
    its last step. Its weights are those of the file, but for the clamp of LWTNN's sigmoid.

    Raises:
        UnsupportedError: softmax inside a recurrent or highway layer.
    """
    builder = _Builder(graph)
    for index in _file_order(graph):
        builder.add(index)
    output = builder.value(graph.output, whole=graph.gives_sequence)
    nodes = [
        node.with_weights(**{key: as_float32(weight) for key, weight in node.weights.items()})
        for node in builder.nodes
    ]
    return Network(builder.inputs, nodes, [output])


def interface_of(graph: Graph) -> Interface:
    """Return the names of a graph's inputs, variables, output and labels.

    Only LWTNN may call an input and a sequence alike; such a sequence becomes ``NAME_sequence``.
    """
    vectors = {port.name for port in graph.inputs}
    ports = []
    for port in graph.ports:
        alike = port.steps is not None and port.name in vectors
        ports.append(
            Port(f"{port.name}_sequence" if alike else port.name, pattern_of(port.variables))
        )
    return Interface(tuple(ports), Port(graph.output_name, pattern_of(tuple(graph.labels))))


def pattern_of(labels: tuple[str, ...]) -> str | tuple[str, ...]:
    """Return labels as a pattern if they count from 0.

    >>> pattern_of(("out_0", "out_1")), pattern_of(("pt", "eta"))
    ('out_{}', ('pt', 'eta'))
    """
    found = NUMBERED.fullmatch(labels[0])
    if found is None or "{}" in labels[0]:
        return labels
    stem = found.group(1)
    counted = all(label == f"{stem}{k}" for k, label in enumerate(labels))
    return f"{stem}{{}}" if counted else labels


class _Builder:
    """Makes nodes with names of their own, in the order of evaluation."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.nodes: list[Node] = []
        self.inputs: dict[str, Shape] = {}
        self._values: dict[int, str] = {}  # node of the graph -> whole value
        self._vectors: dict[int, str] = {}  # node of the graph -> last step of a sequence
        self._ports: dict[str, str] = {}  # key of an input -> value after offset and scale
        self._used: set[str] = set()
        names = _names_of_inputs(graph)
        for port in graph.ports:
            name = self._own_name(names.get(_key(port)) or port.name)
            shape = (len(port.variables),)
            self.inputs[name] = shape if port.steps is None else (port.steps, *shape)
            self._ports[_key(port)] = name
        for port in graph.ports:
            self._scale(port)

    def value(self, index: int, *, whole: bool) -> str:
        """Return the name of a node's value, of a sequence as a whole or the last step."""
        if whole or index not in self.graph.steps:
            return self._values[index]
        if index not in self._vectors:
            self._vectors[index] = self._last_step(index)
        return self._vectors[index]

    def add(self, index: int) -> None:
        """Add the nodes of one node of the graph."""
        node = self.graph.nodes[index]
        if node.kind in ("input", "input_sequence"):
            entries = self.graph.inputs if node.kind == "input" else self.graph.sequences
            self._values[index] = self._ports[_key(entries[node.sources[0]])]
            return
        whole = node.kind in READ_SEQUENCES
        sources = tuple(self.value(source, whole=whole) for source in node.sources)
        name = self._own_name(node.name or self._described(node, index))
        if node.kind == "sum":
            attributes = {"function": "sum", "axes": [0], "keep": False}
            self._values[index] = self._append(Node(name, "reduce", sources, attributes))
        elif node.kind in ("concatenate", "add"):
            self._values[index] = self._append(Node(name, node.kind, sources))
        else:
            built = self.graph.built_for(node)
            added = architectures[built.layer.architecture].nodes(built, name, sources[0])
            if "return_sequences" in layers[added[-1].kind].attributes and self._ends(index):
                attributes = {**added[-1].attributes, "return_sequences": False}
                added[-1] = replace(added[-1], attributes=attributes)
                self._vectors[index] = added[-1].name
            for one in added:
                self._values[index] = self._append(one)

    def _ends(self, index: int) -> bool:
        """Say whether only the last step of a sequence is ever read."""
        readers = (self.graph.nodes[k] for k in self.graph.order)
        return not any(index in n.sources and n.kind in READ_SEQUENCES for n in readers)

    def _last_step(self, index: int) -> str:
        name, steps = self._values[index], self.graph.steps[index]
        width = self.graph.widths[index]
        attributes = {"axis": 0, "start": steps - 1, "step": 1, "length": 1}
        last = self._append(Node(self._own_name(f"{name}:last"), "slice", (name,), attributes))
        vector = self._own_name(f"{name}:vector")
        return self._append(Node(vector, "reshape", (last,), {"shape": [width]}))

    def _scale(self, port: InputNode) -> None:
        name = self._ports[_key(port)]
        if np.all(port.offsets == 0) and np.all(port.scales == 1):
            return
        weights = {"scale": port.scales, "offset": port.offsets * port.scales}
        scaled = Node(self._own_name(f"{name}:scaled"), "normalization", (name,), {}, weights)
        self._ports[_key(port)] = self._append(scaled)

    def _append(self, node: Node) -> str:
        self._used.add(node.name)
        self.nodes.append(node)
        return node.name

    def _own_name(self, wanted: str) -> str:
        name, k = wanted, 1
        while name in self._used:
            k += 1
            name = f"{wanted}:{k}"
        self._used.add(name)
        return name

    def _described(self, node: GraphNode, index: int) -> str:
        layered = node.kind in ("feed_forward", "sequence", "time_distributed")
        what = self.graph.built_for(node).layer.architecture if layered else node.kind
        return f"{what}_{index}"


def _file_order(graph: Graph) -> list[int]:
    """Return the order of the file, if each node stands behind what it reads, as in ours."""
    layered = [k for k in graph.order if graph.nodes[k].kind not in ("input", "input_sequence")]
    behind = all(max(graph.nodes[k].sources) < k for k in layered)
    return sorted(graph.order) if behind else graph.order


def _key(port: InputNode) -> str:
    """Return what tells an input from a sequence of the same name."""
    return f"{'input' if port.steps is None else 'input_sequence'} {port.name}"


def _names_of_inputs(graph: Graph) -> dict[str, str]:
    """Return what we called the inputs when we wrote the file, by key; empty when we did not."""
    names: dict[str, str] = {}
    for node in graph.nodes:
        entries = {"input": graph.inputs, "input_sequence": graph.sequences}.get(node.kind)
        if entries is not None:
            names.setdefault(_key(entries[node.sources[0]]), node.name)
    return names
