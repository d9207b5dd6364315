from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caloexport.converters.protobuf.wire import WireError, fields


def read(data: bytes) -> list[tuple[int, int | bytes]]:
    return [(n, v if isinstance(v, int) else bytes(v)) for n, v in fields(memoryview(data))]


def test_all_wire_types() -> None:
    data = b"\x08\x96\x01" + b"\x12\x02hi" + b"\x1d\x01\x02\x03\x04" + b"\x21" + bytes(8)
    assert read(data) == [(1, 150), (2, b"hi"), (3, b"\x01\x02\x03\x04"), (4, bytes(8))]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x08", "number that does not end"),
        (b"\x08" + b"\xff" * 11, "number that does not end"),
        (b"\x12\x05hi", "ends at byte 7 of 4"),
        (b"\x12\xff\xff\xff\xff\x7f", "ends at byte"),
        (b"\x0b", "unknown wire type 3"),
    ],
)
def test_damage_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(WireError, match=reason):
        read(data)


@given(st.binary(max_size=200))
@settings(derandomize=True, max_examples=200)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        found = read(data)
    except WireError:
        return
    assert sum(len(v) for _, v in found if isinstance(v, bytes)) <= len(data)
