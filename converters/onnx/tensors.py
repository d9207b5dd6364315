"""Constant tensors of an ONNX model as numpy arrays, their sizes checked first."""

from __future__ import annotations

import math

import numpy as np

from caloexport.converters.onnx.messages import TensorMessage, unpacked
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.network import MAX_VALUES

#: number of the type in onnx.proto3 -> numpy type; bfloat16 is read as the upper half of a float32
TYPES = {
    1: "<f4", 2: "|u1", 3: "|i1", 4: "<u2", 5: "<i2", 6: "<i4", 7: "<i8", 9: "|b1", 10: "<f2",
    11: "<f8", 12: "<u4", 13: "<u8", 16: "<u2",
}  # fmt: skip
NAMES = {
    8: "strings", 14: "complex numbers", 15: "complex numbers", 17: "8-bit floats",
    18: "8-bit floats", 19: "8-bit floats", 20: "8-bit floats", 21: "4-bit numbers",
    22: "4-bit numbers", 23: "4-bit floats",
}  # fmt: skip
BFLOAT16, FLOATS, WHOLES = 16, (1, 10, 11, 16), (2, 3, 4, 5, 6, 7, 12, 13)
#: field of the typed data -> encoding; int32_data holds everything of up to 32 bits
TYPED = {4: "<f4", 5: "varint", 7: "varint", 10: "<f8", 11: "varint"}


def to_array(tensor: TensorMessage, where: str) -> Array:
    """Return the values of a tensor; a view of the file where it is float32 or longer.

    Raises:
        InputFileError: shape and data do not fit together, or the data are in another file.
        UnsupportedError: strings, complex numbers, floats of 8 bits.
    """
    if tensor.external:
        message = f"keeps tensor '{tensor.name}' in another file, which is not read"
        hint = "save it with all its weights inside"
        raise InputFileError(message, where=where, hint=hint)
    if tensor.data_type not in TYPES:
        kind = NAMES.get(tensor.data_type)
        if kind is None:
            message = f"tensor '{tensor.name}' has the unknown type {tensor.data_type}"
            raise InputFileError(message, where=where)
        message = f"tensor '{tensor.name}' holds {kind}"
        raise UnsupportedError(message, where=where, hint="weights are floats of 16 to 64 bits")
    size = math.prod(tensor.dims)
    if min(tensor.dims, default=1) < 0 or size > 4 * MAX_VALUES:
        message = f"tensor '{tensor.name}' has the impossible shape {tensor.dims}"
        raise InputFileError(message, where=where)
    values = _raw(tensor) if tensor.raw is not None else _typed(tensor)
    if values is None or values.size != size:
        found = len(tensor.raw or b"") if values is None else values.size
        unit = "bytes" if values is None else "values"
        message = f"tensor '{tensor.name}' of shape {tensor.dims} holds {found} {unit}"
        raise InputFileError(message, where=where, hint="truncated or damaged; write it again")
    if tensor.data_type == BFLOAT16:
        values = (values.astype(np.uint32) << 16).view(np.float32)
    return values.reshape(tensor.dims)


def _raw(tensor: TensorMessage) -> Array | None:
    kind = np.dtype(TYPES[tensor.data_type])
    data = tensor.raw if tensor.raw is not None else memoryview(b"")
    return None if len(data) % kind.itemsize else np.frombuffer(data, kind)


def _typed(tensor: TensorMessage) -> Array:
    filled = [number for number in TYPED if number in tensor.data]
    if not filled:
        return np.zeros(0, TYPES[tensor.data_type])
    values = unpacked(tensor.data[filled[0]], TYPED[filled[0]])
    kind = np.dtype(TYPES[tensor.data_type])
    if TYPED[filled[0]] == "varint" and kind == np.float16:
        return values.astype("<u2").view("<f2")  # their bits, as whole numbers
    return values.astype(kind)
