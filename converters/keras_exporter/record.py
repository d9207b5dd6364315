"""What a file of Keras' exporter carries of us: who wrote it, and vectors to replay.

There is no manifest, as nobody knows the network: ONNX Runtime says what it takes and gives.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.converters.batches import split_columns
from caloexport.converters.onnx.envelope import read_metadata, require_self_contained
from caloexport.converters.onnx.model import VECTORS, vectors_arrays, vectors_to_text
from caloexport.converters.targets import Replayed
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.vectors import Vectors, vectors_from_arrays

RECORD = "caloexport.exported"
SCHEMA = "caloexport.exported/1"
#: element types of ONNX Runtime -> of numpy
TYPES = {"float": "f4", "double": "f8", "float16": "f2", "int32": "i4", "int64": "i8", "bool": "?"}


def to_metadata(origin: Mapping[str, Any], vectors: Vectors) -> dict[str, str]:
    """Return the record of an export, by key of the file's metadata."""
    record = json.dumps({"schema": SCHEMA, **origin}, sort_keys=True)
    return {RECORD: record, VECTORS: vectors_to_text(vectors)}


def replay(path: Path) -> Replayed | None:
    """Execute an exported file on its own vectors; None for files without a record.

    Raises:
        InputFileError: it cannot be executed, or its vectors are damaged or of another network.
    """
    metadata, where = read_metadata(path), str(path)
    if RECORD not in metadata:
        return None
    arrays = vectors_arrays(metadata[VECTORS], where) if VECTORS in metadata else {}
    inputs = arrays.get("vectors.inputs")
    if inputs is None or inputs.ndim != 2 or inputs.dtype != np.float32:
        message = "its test vectors are missing or damaged"
        raise InputFileError(message, where=where, hint="convert the model again")
    outputs = execute(path, inputs)
    vectors = vectors_from_arrays(arrays, None, inputs.shape[1], outputs.shape[1], where)
    return Replayed(outputs, vectors)


def execute(path: Path, x: Array) -> Array:
    """Return the outputs (n, n_out) float32 that ONNX Runtime gives for inputs (n, n_in).

    Raises:
        InputFileError: it rejects the file, or takes other inputs.
        MissingDependency: it is not installed.
    """
    from caloexport.converters.engines.onnxruntime import open_session  # it imports the targets

    where = str(path)
    require_self_contained(path)
    session = open_session(where, 1, where)
    shapes = {port.name: _shape(port, where) for port in session.get_inputs()}
    sizes = [math.prod(shape) for shape in shapes.values()]
    if sum(sizes) != x.shape[1]:
        message = f"takes {sum(sizes)} inputs, its test vectors have {x.shape[1]}"
        raise InputFileError(message, where=where, hint="convert the model again")
    columns = split_columns(x, shapes.values())
    feeds = {
        port.name: part.astype(_dtype(port, where))
        for port, part in zip(session.get_inputs(), columns, strict=True)
    }
    try:
        output = session.run(None, feeds)[0]
    except Exception as error:  # its errors have no common base
        message = f"ONNX Runtime cannot execute it: {str(error).strip():.300}"
        raise InputFileError(message, where=where) from error
    if (
        not isinstance(output, np.ndarray)
        or output.dtype.kind not in "fiub"
        or (output.shape[:1] != (len(x),))
    ):
        message = f"does not give one array of numbers for each of {len(x)} showers"
        raise InputFileError(message, where=where, hint="convert the model again")
    return output.reshape(len(x), -1).astype(np.float32)


def _shape(port: Any, where: str) -> tuple[int, ...]:
    """Return the shape of an input without the batch."""
    shape = tuple(port.shape[1:])
    if not port.shape or not all(isinstance(size, int) and size > 0 for size in shape):
        message = f"its input '{port.name}' has the shape {port.shape}, expected (batch, numbers)"
        raise InputFileError(message, where=where)
    return shape


def _dtype(port: Any, where: str) -> str:
    name = port.type.removeprefix("tensor(").removesuffix(")")
    if name not in TYPES:
        message = f"its input '{port.name}' holds {port.type}, expected numbers"
        raise InputFileError(message, where=where)
    return TYPES[name]
