"""Evaluate an LWTNN graph in float64, one case after the other, as the C++ does."""

from __future__ import annotations

import numpy as np

from caloexport.converters.lwtnn.read import Graph
from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.errors import UsageError


def evaluate_graph(graph: Graph, x: Array) -> Float64:
    """Evaluate the output of a graph.

    Args:
        graph: from :func:`~caloexport.converters.lwtnn.read.read_lwtnn`.
        x: (n, n_in), the variables of all input nodes in the order of the file.

    Returns:
        (n, n_out) float64, in the order of the labels.

    Raises:
        UsageError: x has another width.
    """
    if x.ndim != 2 or x.shape[1] != graph.n_in:
        message = f"inputs of shape {x.shape}, expected (n, {graph.n_in})"
        raise UsageError(message)
    outputs = np.empty((len(x), graph.widths[graph.output]))
    for row in range(len(x)):
        outputs[row] = _evaluate_one(graph, x[row : row + 1].astype(np.float64))[0]
    return outputs


def _evaluate_one(graph: Graph, x: Float64) -> Float64:
    """Evaluate one case (1, n_in)."""
    prepared, start = [], 0
    for node in graph.inputs:
        stop = start + len(node.variables)
        prepared.append((x[:, start:stop] + node.offsets) * node.scales)
        start = stop
    values: dict[int, Float64] = {}
    for index in graph.order:
        one = graph.nodes[index]
        if one.kind == "input":
            values[index] = prepared[one.sources[0]]
        elif one.kind == "feed_forward":
            values[index] = graph.built[one.number].compute(values[one.sources[0]])
        elif one.kind == "concatenate":
            values[index] = np.concatenate([values[source] for source in one.sources], axis=1)
        else:
            values[index] = np.sum([values[source] for source in one.sources], axis=0)
    return values[graph.output]
