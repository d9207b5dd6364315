"""Evaluate an LWTNN graph in float64, one case after the other, as the C++ does."""

from __future__ import annotations

import numpy as np

from caloexport.converters.lwtnn.graph import READ_SEQUENCES, Graph
from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.errors import UsageError


def evaluate_graph(graph: Graph, x: Array) -> Float64:
    """Evaluate the output of a graph.

    Args:
        graph: from :func:`~caloexport.converters.lwtnn.read.read_lwtnn`.
        x: (n, n_in), the variables of all inputs in the order of ``graph.ports``, those of a
            sequence step by step.

    Returns:
        (n, n_out) float64, in the order of the labels; a sequence step by step.

    Raises:
        UsageError: x has another width, or a category that is embedded is none.
    """
    if x.ndim != 2 or x.shape[1] != graph.n_in:
        message = f"inputs of shape {x.shape}, expected (n, {graph.n_in})"
        raise UsageError(message)
    outputs = np.empty((len(x), graph.n_out))
    for row in range(len(x)):
        outputs[row] = _evaluate_one(graph, x[row].astype(np.float64)).ravel()
    return outputs


def _evaluate_one(graph: Graph, x: Float64) -> Float64:
    """Evaluate one case (n_in,); every value is (steps, width), a vector of one step."""
    values: dict[int, Float64] = {}
    for index in graph.order:
        node = graph.nodes[index]
        if node.kind in ("input", "input_sequence"):
            entries = graph.inputs if node.kind == "input" else graph.sequences
            entry = entries[node.sources[0]]
            own = x[entry.position : entry.position + entry.size]
            values[index] = (own.reshape(-1, len(entry.variables)) + entry.offsets) * entry.scales
            continue
        read = [values[source] for source in node.sources]
        if node.kind not in READ_SEQUENCES:
            read = [value[-1:] for value in read]  # of a sequence the last step
        if node.kind == "sum":
            values[index] = read[0].sum(axis=0, keepdims=True)
        elif node.kind == "concatenate":
            values[index] = np.concatenate(read, axis=1)
        elif node.kind == "add":
            values[index] = np.sum(read, axis=0)
        else:
            values[index] = graph.built_for(node).compute(read[0])
    return values[graph.output] if graph.gives_sequence else values[graph.output][-1:]
