"""The wire format of protocol buffers, read field by field without a schema.

Enough to find the envelope of a model (who wrote it, its metadata) without its graph, in any
file however large: nothing is copied, and a length that lies is an error, not an allocation.
Source: protobuf.dev/programming-guides/encoding.
"""

from __future__ import annotations

from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


class WireError(ValueError):
    """The bytes are no protocol buffer, or end too early."""


def fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield the number and value of each field: an int, or the bytes of a string or message.

    Raises:
        WireError: as soon as a field does not fit.

    >>> [(number, bytes(v) if isinstance(v, memoryview) else v)
    ...  for number, v in fields(memoryview(bytes([8, 7, 18, 2]) + b"ab"))]
    [(1, 7), (2, b'ab')]
    """
    for number, value, stop in headers(data):
        if stop > len(data):
            message = f"field {number} ends at byte {stop} of {len(data)}"
            raise WireError(message)
        yield number, value


def headers(data: memoryview) -> Iterator[tuple[int, int | memoryview, int]]:
    """Yield number, value and end of each field; the last may end beyond the data."""
    place = 0
    while place < len(data):
        tag, place = varint(data, place)
        number, wire = tag >> 3, tag & 7
        if wire == VARINT:
            number_value, place = varint(data, place)
            yield number, number_value, place
            continue
        if wire == BYTES:
            length, place = varint(data, place)
        elif wire in (FIXED32, FIXED64):
            length = 4 if wire == FIXED32 else 8
        else:
            message = f"field {number} has the unknown wire type {wire}"
            raise WireError(message)
        yield number, data[place : place + length], place + length
        place += length


def varint(data: memoryview, place: int) -> tuple[int, int]:
    """Return a number of up to ten bytes, seven bits each, and the place behind it."""
    value = 0
    for step, byte in enumerate(data[place : place + 10]):
        value |= (byte & 0x7F) << (7 * step)
        if byte < 0x80:
            return value, place + step + 1
    message = f"byte {place} begins a number that does not end"
    raise WireError(message)
