"""Tensors that are written inside a graph."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from caloexport.converters.protobuf.wire import WireError
from caloexport.converters.savedmodel.message import Message
from caloexport.runtime.arrays import Array

#: enum DataType of types.proto -> numpy; bfloat16 is stored as the upper half of a float32
DTYPES: dict[int, str] = {
    1: "<f4", 2: "<f8", 3: "<i4", 4: "u1", 5: "<i2", 6: "i1", 9: "<i8", 10: "?", 17: "<u2",
    19: "<f2", 22: "<u4", 23: "<u8",
}  # fmt: skip
STRING, BFLOAT16, HALF = 7, 14, 19
CONTENT = 4
#: fields of TensorProto with one number per value: their numpy type when packed
FLOATS = {5: "<f4", 6: "<f8"}
WHOLES = (7, 10, 11, 13, 16, 17)
LARGEST_RANK = 32


def dims(shape: Message) -> tuple[int, ...]:
    """Return the sizes of a TensorShapeProto; open ones are -1."""
    sizes = tuple(dim.whole(1) for dim in shape.messages(2))
    if len(sizes) > LARGEST_RANK:
        message = f"a tensor of {len(sizes)} axes"
        raise WireError(message)
    return sizes


def tensor(message: Message) -> Array:
    """Return a TensorProto as an array; texts are an array of bytes objects.

    Fewer values than the shape holds repeat the last one, without taking memory for it.

    Raises:
        WireError: its type is unknown, or its values do not fit its shape.
    """
    kind, shape = message.whole(1), dims(message.message(2))
    if min(shape, default=0) < 0:
        reason = f"a constant of the shape {shape}"
        raise WireError(reason)
    if kind == STRING:
        texts = np.empty(len(message.parts(8)), dtype=object)
        texts[:] = [bytes(part) for part in message.parts(8)]
        return _fill(texts, shape)
    if kind not in DTYPES and kind != BFLOAT16:
        reason = f"a constant of the type {kind}"
        raise WireError(reason)
    return _fill(_values(message, kind), shape)


def from_bytes(data: memoryview, kind: int) -> Array:
    """Return little-endian values of a type as a flat array; bfloat16 becomes float32."""
    if kind == BFLOAT16:
        return (np.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4")
    return np.frombuffer(data, DTYPES[kind])


def _values(message: Message, kind: int) -> Array:
    if CONTENT in message:
        return from_bytes(message.part(CONTENT), kind)
    for number, dtype in FLOATS.items():
        if number in message:
            return message.numbers(number, dtype)
    for number in WHOLES:
        if number in message:
            values = np.array(message.wholes(number), dtype=np.int64)
            if kind in (BFLOAT16, HALF):  # as bits
                return from_bytes(memoryview(values.astype("<u2").tobytes()), kind)
            return values.astype(DTYPES[kind])
    return np.zeros(1, dtype=DTYPES.get(kind, "<f4"))


def _fill(values: Array, shape: tuple[int, ...]) -> Array:
    size = math.prod(shape)
    if len(values) == size:
        return values.reshape(shape)
    if len(values) == 1:
        return np.broadcast_to(values[0], shape)
    if 1 < len(values) < size <= 2 * len(values) + 1024:
        return np.append(values, np.repeat(values[-1:], size - len(values))).reshape(shape)
    message = f"a tensor of the shape {shape} with {len(values)} values"
    raise WireError(message)


def dtype_of(kind: int) -> npt.DTypeLike:
    """Return the numpy type in which values of a type are handled.

    Raises:
        WireError: it has none.
    """
    if kind == BFLOAT16:
        return np.float32
    if kind not in DTYPES:
        message = f"numbers of the type {kind}"
        raise WireError(message)
    return np.dtype(DTYPES[kind])
