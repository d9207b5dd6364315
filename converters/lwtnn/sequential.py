"""LWTNN's sequential format, ``LightweightNeuralNetwork`` and ``LightweightRNN``, as a graph."""

from __future__ import annotations

from typing import Any

from caloexport.converters.lwtnn import ptree
from caloexport.runtime.errors import InputFileError

#: what ``LightweightRNN`` evaluates first, whatever the order in the file
RECURRENT = ("lstm", "gru", "simplernn", "embedding")
INPUTS, OUTPUT = "inputs", "outputs"


def is_sequential(data: Any) -> bool:
    """Say whether a JSON text is of the sequential format: its outputs are a list."""
    return isinstance(data, dict) and isinstance(data.get("outputs"), list)


def graph_of_sequential(data: dict[str, Any], where: str) -> dict[str, Any]:
    """Return the graph of a sequential file: one input and a chain of layers.

    Recurrent layers read a sequence, of which the layers behind them see the last step.

    Raises:
        InputFileError: a recurrent layer stands behind others; the C++ would evaluate it first.
    """
    variables = ptree.listing(data, "inputs", where)
    layers = ptree.listing(data, "layers", where)
    recurrent = [isinstance(one, dict) and one.get("architecture") in RECURRENT for one in layers]
    count = sum(recurrent)
    if any(recurrent[count:]):
        late = recurrent.index(True, recurrent.index(False))
        message = "a recurrent layer behind others: LightweightRNN would evaluate it first, without a word"
        raise InputFileError(message, where=f"{where}: layers[{late}]")
    kind = "input_sequence" if count else "input"
    nodes: list[dict[str, Any]] = [{"type": kind, "sources": [0], "size": len(variables)}]
    nodes += [
        {"type": "sequence" if k < count else "feed_forward", "sources": [k], "layer_index": k}
        for k in range(len(layers))
    ]
    entry = [{"name": INPUTS, "variables": variables}]
    return {
        "inputs": [] if count else entry,
        "input_sequences": entry if count else [],
        "nodes": nodes,
        "layers": layers,
        "outputs": {OUTPUT: {"labels": data["outputs"], "node_index": len(layers)}},
    }
