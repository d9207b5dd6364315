"""What a model file says about itself, read without its graph and without the onnx library.

Field numbers are those of onnx.proto3 (github.com/onnx/onnx).
"""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np

from caloexport.converters.protobuf.wire import WireError, fields, headers
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.files import existing_file

IR_VERSION, GRAPH, METADATA = 1, 7, 14
MODEL_FIELDS = {1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26}
#: a model has a dozen outer fields and some metadata; more is no model
FIELD_LIMIT = 10_000
DEPTH_LIMIT = 50

#: in which messages tensors may hide: field number -> kind of the message in it
INSIDE = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
}
EXTERNAL_DATA, DATA_LOCATION = 13, 14


def looks_like_model(path: Path) -> bool:
    """Say whether a file begins like an ONNX model: a version, known fields, then a graph."""
    if not path.is_file() or path.stat().st_size == 0:
        return False
    try:
        for count, (number, value, _) in enumerate(headers(_mapped(path))):
            if number not in MODEL_FIELDS or (count == 0 and number != IR_VERSION):
                return False
            if number == GRAPH:
                return isinstance(value, memoryview)
            if count > FIELD_LIMIT:
                return False
    except WireError:
        return False
    return False


def read_metadata(path: Path) -> dict[str, str]:
    """Return the metadata of a model.

    Raises:
        InputFileError: not an ONNX model, truncated or damaged.
    """
    where = str(existing_file(path, "ONNX file"))
    if not looks_like_model(path):
        message = "is not an ONNX model"
        raise InputFileError(message, where=where)
    found: dict[str, str] = {}
    try:
        for number, value in itertools.islice(fields(_mapped(path)), FIELD_LIMIT):
            if number == METADATA and isinstance(value, memoryview):
                entry = {k: bytes(v).decode() for k, v in fields(value) if not isinstance(v, int)}
                found[entry.get(1, "")] = entry.get(2, "")
    except ValueError as error:  # WireError, or text that is not UTF-8
        raise _damaged(where, str(error)) from None
    return found


def require_self_contained(path: Path) -> None:
    """Refuse a model whose weights are in other files: whoever opens it reads those files.

    Raises:
        InputFileError: it names other files, or is damaged.
    """
    where = str(existing_file(path, "ONNX file"))
    try:
        external = _is_external(_mapped(path), "model", 0)
    except WireError as error:
        raise _damaged(where, str(error)) from None
    if external:
        message = "keeps weights in other files, which are not read"
        hint = "save it with all its weights inside"
        raise InputFileError(message, where=where, hint=hint)


def _is_external(data: memoryview, kind: str, depth: int) -> bool:
    if depth > DEPTH_LIMIT:
        message = f"graphs within graphs, more than {DEPTH_LIMIT} deep"
        raise WireError(message)
    for number, value in fields(data):
        if kind == "tensor" and (
            number == EXTERNAL_DATA or (number == DATA_LOCATION and value != 0)
        ):
            return True
        inside = INSIDE.get(kind, {}).get(number)
        if inside and isinstance(value, memoryview) and _is_external(value, inside, depth + 1):
            return True
    return False


def _mapped(path: Path) -> memoryview:
    return np.memmap(path, dtype=np.uint8, mode="r").data


def _damaged(where: str, reason: str) -> InputFileError:
    return InputFileError(
        f"is a damaged ONNX model: {reason}", where=where, hint="truncated? write it again"
    )
