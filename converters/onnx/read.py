"""An ONNX model of any exporter as a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.converters.onnx.envelope import looks_like_model
from caloexport.converters.onnx.layout import Layout
from caloexport.converters.onnx.messages import GraphMessage, ModelMessage, ValueMessage
from caloexport.converters.onnx.pieces import collapsed
from caloexport.converters.onnx.tensors import FLOATS, WHOLES
from caloexport.converters.onnx.translation import Translation, translated
from caloexport.converters.onnx.values import BATCH, Value
from caloexport.converters.protobuf.wire import WireError
from caloexport.converters.recognise import recognise
from caloexport.runtime.errors import InputFileError, UnknownName, UnsupportedError
from caloexport.runtime.fields import blame_file
from caloexport.runtime.files import existing_file
from caloexport.runtime.network import Network, Node

OPSETS = range(7, 29)
DOUBLE = 11


@dataclass(frozen=True)
class OnnxModel:
    """What a file holds.

    Attributes:
        network: of one output; the inputs are named as in the file.
        output: name of that output.
        batch: number of showers that the file takes at a time, None for any.
        dtype: of inputs and output, ``"float32"`` or ``"float64"``.
        producer: what wrote the file.
        opset: version of the standard operators.
        notes: what a user must know of how the file was understood.
    """

    network: Network
    output: str
    batch: int | None
    dtype: str
    producer: str
    opset: int
    notes: tuple[str, ...] = ()


def read_onnx(
    path: Path,
    steps: int | None = None,
    output: str | None = None,
    manifest: Mapping[str, Any] | None = None,
) -> OnnxModel:
    """Read a model; its weights become float32.

    Args:
        path: the file.
        steps: number of steps of sequence inputs, where the file leaves it open.
        output: which output, where the model has several; the first if not given.
        manifest: the network that a file of our own says it holds.

    Raises:
        UnknownName: no output is called so.
        InputFileError: not an ONNX model, damaged, or contradicting itself.
        UnsupportedError: an operator that networks cannot express, by its name.
    """
    where = str(existing_file(path, "ONNX file"))
    if not looks_like_model(path):
        message = "is not an ONNX model"
        raise InputFileError(message, where=where)
    data = np.memmap(path, dtype=np.uint8, mode="r").data
    try:
        with blame_file(where), np.errstate(all="ignore"):
            parsed = _parsed(data)
        _choose(parsed.graph, output)
        with blame_file(where), np.errstate(all="ignore"):
            return _model(parsed, steps, manifest)
    except UnsupportedError as error:
        error.where = error.where or where
        raise
    except MemoryError:
        message = "needs far more memory than there is"
        raise InputFileError(message, where=where, hint="damaged?") from None


def _parsed(data: memoryview) -> ModelMessage:
    try:
        message = ModelMessage(data)
    except WireError as error:
        reason = f"is a damaged ONNX model: {error}"
        raise InputFileError(reason, hint="truncated? write it again") from None
    if message.opset not in OPSETS:
        reason = f"uses opset {message.opset}, expected {OPSETS[0]} to {OPSETS[-1]}"
        raise InputFileError(reason, hint="export it with opset 17, for example")
    if not message.graph.outputs:
        reason = "its graph has no output"
        raise InputFileError(reason)
    return message


def _choose(graph: GraphMessage, output: str | None) -> None:
    """Put the output that is wanted in front."""
    names = [value.name for value in graph.outputs]
    if output is not None:
        if output not in names:
            raise UnknownName("output", output, names)
        graph.outputs.insert(0, graph.outputs.pop(names.index(output)))


def _model(
    message: ModelMessage, steps: int | None, manifest: Mapping[str, Any] | None
) -> OnnxModel:
    graph = message.graph
    _require_one_of_each_name(graph)
    if manifest is not None:
        graph = collapsed(graph, manifest, "")
    inputs = input_values(graph, steps)
    single = {value.dims[0] for value in _fed(graph) if value.dims} == {1}
    layout = Layout({name: value.shape for name, value in inputs.items()}, single=single)
    translation = Translation(graph, message.opset, layout, inputs)
    output = graph.outputs[0]
    value = translated(translation, output.name)
    network = recognise(_finished(layout, value, output.name))
    doubles = {v.data_type == DOUBLE for v in (*_fed(graph), output)}
    return OnnxModel(
        network,
        output.name,
        1 if single else None,
        "float64" if doubles == {True} else "float32",
        message.producer,
        message.opset,
        tuple(_notes(inputs, value, output.name)),
    )


def _notes(inputs: Mapping[str, Value], output: Value, name: str) -> Iterator[str]:
    """Yield what was decided where the file leaves room for another meaning."""
    for given in inputs.values():
        if BATCH not in given.axes and len(given.axes) > 1:
            shape = " x ".join(map(str, given.shape))
            yield (
                f"input '{given.name}' has no open axis: taken as one shower of {shape} values, not "
                f"as {given.shape[0]} showers; export with an open batch axis if it is meant so"
            )
    if BATCH in output.axes[1:]:
        place = output.axes.index(BATCH)
        yield f"output '{name}' has the showers along axis {place}, here they come first"


def _require_one_of_each_name(graph: GraphMessage) -> None:
    seen: set[str] = set()
    for tensor in graph.constants:
        if tensor.name in seen:
            reason = f"two of its constants are named '{tensor.name}'"
            raise InputFileError(reason, hint="the file is damaged; export it again")
        seen.add(tensor.name)


def _fed(graph: GraphMessage) -> list[ValueMessage]:
    """Return the inputs that are no constants; old files list those, too."""
    constants = {tensor.name for tensor in graph.constants}
    return [value for value in graph.inputs if value.name not in constants]


def input_values(graph: GraphMessage, steps: int | None) -> dict[str, Value]:
    """Return the inputs of the network, with the place of their batch axis.

    The first axis is the batch where its size is left open or 1. Where an input has none (a
    vector of fixed length) the whole model takes one shower at a time, and no axis is the batch.
    """
    given = _fed(graph)
    if not given:
        message = "its graph has no input"
        raise InputFileError(message)
    places = {value.name: _batch_axis(value) for value in given}
    if len(places) < len(given):
        message = "two of its inputs have the same name"
        raise InputFileError(message)
    single = None in places.values()
    return {v.name: _input(v, None if single else places[v.name], steps) for v in given}


def _batch_axis(value: ValueMessage) -> int | None:
    if value.dims is None:
        message = f"its input '{value.name}' has no shape"
        raise InputFileError(message, hint="export the model with the shapes of its inputs")
    if value.dims and (_open(value.dims[0]) or value.dims[0] == 1):
        return 0
    return next((k for k, size in enumerate(value.dims) if _open(size)), None)


def _open(size: int | None) -> bool:
    return size is None or size <= 0  # old exporters write 0 or -1 for any size


def _input(value: ValueMessage, batch: int | None, steps: int | None) -> Value:
    if value.data_type not in (*FLOATS, *WHOLES):
        message = f"its input '{value.name}' has the type {value.data_type}, expected floats"
        raise UnsupportedError(message)
    sizes: list[int] = []
    axes: list[int] = []
    for axis, size in enumerate(value.dims or []):
        if axis == batch:
            axes.append(BATCH)
            continue
        if size is None or size <= 0:
            size = steps if len(value.dims or []) == 3 and axis < 2 else None
        if size is None:
            message = f"its input '{value.name}' leaves the size of axis {axis} open"
            raise InputFileError(message, hint="give a sequence's length with --steps N")
        axes.append(len(sizes))
        sizes.append(size)
    whole = value.data_type in WHOLES
    return Value(value.name, tuple(sizes) or (1,), tuple(axes), whole=whole)


def _finished(layout: Layout, value: Value, output: str) -> Network:
    """Return the network that ends in a value, its weights in float32."""
    if value.merged and len(value.axes) > 1:
        message = f"its output '{output}' has several rows for each shower"
        raise UnsupportedError(message, hint="export a model whose first axis is the batch")
    layout.base = output
    value = layout.canonical(value)
    renamed = {value.name: output} if value.name not in layout.inputs else {}
    if any(node.name == output for node in layout.nodes) and value.name != output:
        renamed[output] = f"{output}:before"
    nodes = [
        Node(
            renamed.get(node.name, node.name),
            node.kind,
            tuple(renamed.get(name, name) for name in node.inputs),
            node.attributes,
            {key: np.asarray(weight, np.float32) for key, weight in node.weights.items()},
        )
        for node in layout.nodes
    ]
    return Network(layout.inputs, nodes, [renamed.get(value.name, value.name)])
