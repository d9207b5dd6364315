"""Write the graph JSON, streaming: no Python list ever holds more than a chunk of the weights."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from caloexport.converters.lwtnn.plan import PlannedLayer, make_plan
from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Network

#: numbers formatted at a time
CHUNK = 16384
#: nine significant digits bring a float32 back bit for bit
NUMBER = b"%.9g"
#: ours; the C++ ignores keys that it does not know
OUR_KEY = "caloexport"
OUTPUT = "output"


def write_graph(path: Path, network: Network, about: dict[str, Any]) -> None:
    """Write a network as an LWTNN graph.

    Input nodes are ``node_0``, ``node_1``, … in the order of the network's inputs, with the
    variables ``variable_0``, …; the one output has the labels ``out_0``, …, unpadded, as the
    converters of LWTNN name them and FastCaloSim and Par04 expect them.

    Args:
        path: a new file; use :func:`~caloexport.runtime.files.atomic_output` around it.
        network: one that LWTNN can express (see ``vocabulary.refusals``).
        about: what goes under the key ``caloexport``; the C++ ignores it.

    Raises:
        InputFileError: a weight is not a finite number.
    """
    network.require_finite(path.name)
    plan = make_plan(network)
    labels = [f"out_{k}" for k in range(network.n_outputs)]
    output = {OUTPUT: {"labels": labels, "node_index": plan.output}}
    with path.open("wb") as stream:
        stream.write(b"{" + _member(OUR_KEY, about))
        stream.write(b',"inputs":' + _dumps(_inputs(network)))
        stream.write(b',"input_sequences":[]')
        stream.write(b',"nodes":' + _dumps(plan.nodes))
        stream.write(b',"layers":[')
        for k, layer in enumerate(plan.layers):
            stream.write(b"," if k else b"")
            _write_layer(stream, layer)
        stream.write(b"]," + _member("outputs", output) + b"}\n")


def _inputs(network: Network) -> list[dict[str, Any]]:
    return [
        {
            "name": f"node_{k}",
            "variables": [
                {"name": f"variable_{j}", "offset": 0, "scale": 1} for j in range(shape[0])
            ],
        }
        for k, shape in enumerate(network.inputs.values())
    ]


def _write_layer(stream: BinaryIO, layer: PlannedLayer) -> None:
    stream.write(b"{" + _member("architecture", layer.architecture))
    for key, array in (("weights", layer.weights), ("bias", layer.bias)):
        stream.write(b"," + _dumps(key) + b":[")
        if array is not None:
            for k, chunk in enumerate(_chunks(array)):
                text = (NUMBER + b",") * chunk.size % tuple(chunk.tolist())
                stream.write((b"," if k else b"") + text[:-1])
        stream.write(b"]")
    if layer.activation is not None:
        stream.write(b"," + _member("activation", layer.activation))
    stream.write(b"}")


def _chunks(array: Array) -> Iterator[Array]:
    """Yield the numbers in LWTNN's order, flat: for a kernel (n_in, n_out) output by output."""
    if array.ndim == 1:
        for start in range(0, array.size, CHUNK):
            yield array[start : start + CHUNK]
        return
    n_in, n_out = array.shape
    step = max(1, CHUNK // n_in)
    for start in range(0, n_out, step):
        yield np.ascontiguousarray(array[:, start : start + step].T).ravel()


def _member(key: str, value: Any) -> bytes:
    return _dumps(key) + b":" + _dumps(value)


def _dumps(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
