"""Messages against the protobuf library, and bytes that are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from caloexport.converters.protobuf.wire import WireError
from caloexport.converters.savedmodel.message import Message
from caloexport.converters.savedmodel.tensor_message import tensor

TYPES = ["float32", "float64", "int32", "int64", "int16", "int8", "uint8", "bool", "float16"]


def test_numbers_of_all_kinds() -> None:
    # field 1: 3 and -1 unpacked, field 2: 1, 2, 300 packed, field 3: the float 1.5
    data = (
        b"\x08\x03\x08"
        + b"\xff" * 9
        + b"\x01"
        + b"\x12\x04\x01\x02\xac\x02"
        + b"\x1d\x00\x00\xc0\x3f"
    )
    message = Message(memoryview(data))
    assert message.wholes(1) == [3, -1]
    assert message.whole(1) == -1
    assert message.wholes(2) == [1, 2, 300]
    assert message.numbers(3, "<f4").tolist() == [1.5]
    assert message.fixed(3) == 0x3FC00000
    assert message.whole(9, 7) == 7
    assert message.text(9) == ""
    assert 9 not in message


@pytest.mark.parametrize("data", [b"\x0a\x05ab", b"\x08", b"\x0f", b"\x12\xff\xff\xff\xff\xff"])
def test_bytes_that_are_no_message(data: bytes) -> None:
    with pytest.raises(WireError):
        Message(memoryview(data))


def test_fields_of_another_kind() -> None:
    message = Message(memoryview(b"\x08\x03\x12\x01a"))
    with pytest.raises(WireError, match="field 1 is not bytes"):
        message.text(1)
    with pytest.raises(WireError, match="field 2 is not a number"):
        message.whole(2)


@pytest.mark.parametrize("kind", TYPES)
def test_tensors_in_a_graph(kind: str, tensorflow: Any) -> None:
    tf = tensorflow
    wanted = np.array([[0, 1, 1], [1, 0, 1]]).astype(kind)
    proto = tf.make_tensor_proto(wanted)
    found = tensor(Message(memoryview(proto.SerializeToString())))
    assert found.dtype == wanted.dtype
    assert np.array_equal(found, wanted)


@pytest.mark.parametrize("kind", [*TYPES, "bfloat16"])
def test_one_value_fills_a_tensor(kind: str, tensorflow: Any) -> None:
    tf = tensorflow
    value = 1 if kind == "bool" else 3
    proto = tf.make_tensor_proto(tf.cast(value, kind).numpy(), shape=[2, 1000])
    found = tensor(Message(memoryview(proto.SerializeToString())))
    assert found.shape == (2, 1000)
    assert (found == value).all()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x08\x15", "type 21"),
        (b"\x08\x01\x12\x05\x12\x03\x08\x88\x27\x22\x08abcdefgh", r"shape \(5000,\) with 2 values"),
        (b"\x08\x01\x12\x0d\x12\x0b\x08" + b"\xff" * 9 + b"\x01", "shape"),
        (b"\x08\x01\x12\x84\x01" + b"\x12\x02\x08\x01" * 33, "33 axes"),
        (b"\x08\x01\x22\x03abc", "buffer size"),
    ],
)
def test_damaged_tensors(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        tensor(Message(memoryview(data)))
