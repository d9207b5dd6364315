"""Write the graph JSON, streaming: no Python list ever holds more than a chunk of the weights."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from caloexport.converters.lwtnn.build import refuse_repeated
from caloexport.converters.lwtnn.decimals import text_of
from caloexport.converters.lwtnn.layer import Layer, Part
from caloexport.converters.lwtnn.plan import ends_in_sequence, make_plan
from caloexport.converters.lwtnn.read import OUR_KEY
from caloexport.runtime.arrays import Array
from caloexport.runtime.interface import Interface, Port
from caloexport.runtime.network import Network, Shape

#: numbers formatted at a time
CHUNK = 16384
OUTPUT = "output"


def write_graph(
    path: Path, network: Network, about: dict[str, Any], interface: Interface | None = None
) -> None:
    """Write a network as an LWTNN graph.

    Without an interface, input nodes are ``node_0``, ``node_1``, … in the order of the network's
    inputs, with the variables ``variable_0``, …; the one output has the labels ``out_0``, …,
    unpadded, as the converters of LWTNN name them and FastCaloSim and Par04 expect them. An input
    of two axes is a sequence.

    Args:
        path: a new file; use :func:`~caloexport.runtime.files.atomic_output` around it.
        network: one that LWTNN can express (see ``vocabulary.refusals``).
        about: what goes under the key ``caloexport``; the C++ ignores it.
        interface: the names that a consumer demands.

    Raises:
        InputFileError: a weight is not a finite number, or names do not fit.
    """
    network.require_finite(path.name)
    names = interface or usual_interface(network.inputs)
    plan = make_plan(network)
    output = {names.output.name: {"labels": _labels(network, names), "node_index": plan.output}}
    inputs = _inputs(network, names)
    with path.open("wb") as stream:
        stream.write(b"{" + _member(OUR_KEY, {**about, **_layout(network)}))
        stream.write(b"," + _member("inputs", inputs[1]))
        stream.write(b"," + _member("input_sequences", inputs[2]))
        stream.write(b"," + _member("nodes", plan.nodes))
        stream.write(b',"layers":[')
        for k, layer in enumerate(plan.layers):
            stream.write(b"," if k else b"")
            _write_layer(stream, layer)
        stream.write(b"]," + _member("outputs", output) + b"}\n")


def usual_interface(inputs: Mapping[str, Shape]) -> Interface:
    """Return the names that LWTNN's converters give."""
    ports = [Port(f"node_{k}", "variable_{}") for k in range(len(inputs))]
    return Interface(tuple(ports), Port(OUTPUT, "out_{}"))


def _labels(network: Network, names: Interface) -> list[str]:
    """Return the names of the output's values; of a sequence, of those in each step."""
    shape = network.shapes[network.outputs[0]]
    size = shape[-1] if ends_in_sequence(network) else network.n_outputs
    labels = names.output.all_labels(size)
    refuse_repeated(labels, "labels", f"output '{names.output.name}'")
    return list(labels)


def _inputs(network: Network, names: Interface) -> dict[int, list[dict[str, Any]]]:
    """Return the entries of ``inputs`` and ``input_sequences`` by the rank of their shapes."""
    found: dict[int, list[dict[str, Any]]] = {1: [], 2: []}
    for port, shape in zip(names.inputs, network.inputs.values(), strict=True):
        labels = port.all_labels(shape[-1])
        refuse_repeated(labels, "variables", f"input '{port.name}'")
        variables = [{"name": label, "offset": 0, "scale": 1} for label in labels]
        found[len(shape)].append({"name": port.name, "variables": variables})
    return found


def _layout(network: Network) -> dict[str, Any]:
    """Return what LWTNN's file leaves open of sequences: their lengths, and the order of inputs."""
    ranks = [len(shape) for shape in network.inputs.values()]
    if 2 not in ranks:
        return {}
    # the file lists vectors, then sequences
    listed = sorted(range(len(ranks)), key=lambda k: (ranks[k], k))
    order = [listed.index(k) for k in range(len(ranks))]
    steps = [shape[0] for shape in network.inputs.values() if len(shape) == 2]
    return {"steps": steps, "order": order}


def _write_layer(stream: BinaryIO, layer: Layer) -> None:
    stream.write(b"{" + _member("architecture", layer.architecture))
    if layer.part is not None:
        _write_part(stream, layer.part)
    if layer.sublayers:
        stream.write(b',"sublayers":[')
        for k, part in enumerate(layer.sublayers):
            stream.write(b",{" if k else b"{")
            _write_part(stream, part, first=True)
            stream.write(b"}")
        stream.write(b"]")
    if layer.components:
        _write_components(stream, layer.components)
    for key, activation in (
        ("activation", layer.activation),
        ("inner_activation", layer.inner_activation),
    ):
        if activation is not None:
            stream.write(b"," + _member(key, activation.to_json()))
    for key, value in layer.options.items():
        stream.write(b"," + _member(key, value))
    stream.write(b"}")


def _write_components(stream: BinaryIO, components: Mapping[str, Part]) -> None:
    stream.write(b',"components":{')
    for k, (name, part) in enumerate(components.items()):
        stream.write((b"," if k else b"") + _dumps(name) + b":{")
        _write_part(stream, part, first=True)
        stream.write(b"}")
    stream.write(b"}")


def _write_part(stream: BinaryIO, part: Part, *, first: bool = False) -> None:
    """Write the members of a part; ``first`` if no member stands before them."""
    arrays = (("weights", part.weights), ("bias", part.bias), ("U", part.recurrent))
    for key, array in arrays:
        if array is None:
            continue
        stream.write((b"" if first else b",") + _dumps(key) + b":[")
        first = False
        stream.writelines(
            (b"," if k else b"") + text_of(chunk) for k, chunk in enumerate(_chunks(array))
        )
        stream.write(b"]")
    for key, value in part.options.items():
        stream.write(b"," + _member(key, value))


def _chunks(array: Array) -> Iterator[Array]:
    """Yield the numbers in C order, flat, without copying the whole of a transposed view."""
    if array.ndim < 2:
        for start in range(0, array.size, CHUNK):
            yield array[start : start + CHUNK]
        return
    step = max(1, CHUNK // max(1, array[0].size))
    for start in range(0, len(array), step):
        yield np.ascontiguousarray(array[start : start + step]).ravel()


def _member(key: str, value: Any) -> bytes:
    return _dumps(key) + b":" + _dumps(value)


def _dumps(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
