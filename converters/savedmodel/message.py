"""Messages of protocol buffers by field number, as far as SavedModels need them.

Field numbers are those of TensorFlow's .proto files (tensorflow/core/{framework,protobuf}).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from caloexport.converters.protobuf.wire import WireError, fields, varint
from caloexport.runtime.arrays import Array


class Message:
    """One message: its fields, in the order of the file, by number.

    Args:
        data: the bytes; parts are views of them.

    Raises:
        WireError: they are no message, here or later when a field is not what it is read as.

    >>> Message(memoryview(bytes([8, 7, 18, 2]) + b"ab")).text(2)
    'ab'
    """

    def __init__(self, data: memoryview) -> None:
        self._fields: dict[int, list[int | memoryview]] = {}
        for number, value in fields(data):
            self._fields.setdefault(number, []).append(value)

    def __contains__(self, number: int) -> bool:
        return number in self._fields

    def parts(self, number: int) -> list[memoryview]:
        """Return the bytes of a repeated field."""
        found = self._fields.get(number, [])
        for value in found:
            if isinstance(value, int):
                raise _other(number, "bytes")
        return found  # type: ignore[return-value]  # the loop has looked at each

    def part(self, number: int) -> memoryview:
        """Return the bytes of a field; the last one counts, and none is empty."""
        return (self.parts(number) or [memoryview(b"")])[-1]

    def messages(self, number: int) -> list[Message]:
        """Return a repeated field of messages."""
        return [Message(part) for part in self.parts(number)]

    def message(self, number: int) -> Message:
        """Return a field that is a message; an empty one where there is none."""
        return Message(self.part(number))

    def texts(self, number: int) -> list[str]:
        """Return a repeated field of texts."""
        return [bytes(part).decode() for part in self.parts(number)]

    def text(self, number: int) -> str:
        """Return a field that is a text; empty where there is none."""
        return bytes(self.part(number)).decode()

    def entries(self, number: int) -> Iterator[tuple[str, Message]]:
        """Yield key and value of a map from texts to messages."""
        for entry in self.messages(number):
            yield entry.text(1), entry.message(2)

    def whole(self, number: int, default: int = 0) -> int:
        """Return a field that is a whole number, with its sign."""
        found = self._fields.get(number)
        if not found:
            return default
        if not isinstance(found[-1], int):
            raise _other(number, "a number")
        return _signed(found[-1])

    def wholes(self, number: int) -> list[int]:
        """Return a repeated field of whole numbers, packed or not."""
        numbers: list[int] = []
        for value in self._fields.get(number, []):
            if isinstance(value, int):
                numbers.append(_signed(value))
                continue
            place = 0
            while place < len(value):
                found, place = varint(value, place)
                numbers.append(_signed(found))
        return numbers

    def fixed(self, number: int) -> int:
        """Return a field of four or eight bytes as a number."""
        return int.from_bytes(self.part(number), "little")

    def numbers(self, number: int, dtype: str) -> Array:
        """Return a repeated field of floating-point numbers, packed or not."""
        return np.frombuffer(b"".join(bytes(p) for p in self.parts(number)), dtype)


def _signed(value: int) -> int:
    value &= 2**64 - 1
    return value - 2**64 if value >= 2**63 else value


def _other(number: int, expected: str) -> WireError:
    return WireError(f"field {number} is not {expected}")
