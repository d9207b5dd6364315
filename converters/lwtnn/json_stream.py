"""Strict JSON in little memory: long lists of numbers go straight into arrays.

Stricter than Python's json: no name twice in an object, no NaN or Infinity, no number that
overflows a double, no invalid Unicode, bounded depth, length of a token and number of values. A
list of numbers costs eight bytes each whatever its length; the file is read in pieces.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import numpy as np

from caloexport.runtime.errors import InputFileError
from caloexport.runtime.files import existing_file

PIECE = 1 << 18
#: longest text; a list of numbers whose text is longer becomes an array
TOKEN_LIMIT = 1 << 16
DEPTH_LIMIT = 64
#: values outside long lists of numbers; each costs about a hundred bytes
VALUES_LIMIT = 2_000_000

SPACE = re.compile(rb"[ \t\r\n]*")
STRING = re.compile(rb'"(?:[^"\\\x00-\x1f]|\\.)*"', re.DOTALL)
SCALAR = re.compile(rb"[-+.\w]+")
LITERALS = {b"true": True, b"false": False, b"null": None}
DOUBLE_LIMIT = sys.float_info.max
NUMBER_BYTES = b"0123456789+-.eE, \t\r\n"


def read_json(path: Path) -> Any:
    """Read a JSON file; lists of numbers longer than 64 kB come as float64 arrays.

    Raises:
        InputFileError: missing, empty, or not strict JSON; says what and at which byte.
    """
    with existing_file(path, "JSON file").open("rb") as stream:
        reader = _Reader(stream, str(path))
        value = reader.value(0)
        reader.skip_space()
        if reader.peek():
            reader.reject("something follows after the end")
        return value


class _Reader:
    def __init__(self, stream: BinaryIO, where: str) -> None:
        self._stream = stream
        self._where = where
        self._buffer = b""
        self._at = 0  # position in the buffer
        self._before = 0  # bytes of the file before the buffer
        self._ended = False
        self._values = 0

    def reject(self, reason: str) -> NoReturn:
        message = f"not valid JSON at byte {self._before + self._at}: {reason}"
        raise InputFileError(message, where=self._where, hint="truncated or edited by hand?")

    def peek(self) -> bytes:
        """Return the next byte; empty at the end."""
        self._fill()
        return self._buffer[self._at : self._at + 1]

    def skip_space(self) -> None:
        while True:
            self._fill()
            found = SPACE.match(self._buffer, self._at)
            end = found.end() if found else self._at
            self._at = end
            if end < len(self._buffer) or self._ended:
                return

    def value(self, depth: int) -> Any:
        self._values += 1
        if depth > DEPTH_LIMIT or self._values > VALUES_LIMIT:
            self.reject(f"nested deeper than {DEPTH_LIMIT} or more than {VALUES_LIMIT} values")
        self.skip_space()
        first = self.peek()
        if first == b"{":
            return self._object(depth)
        if first == b"[":
            return self._list(depth)
        if first == b'"':
            return self._string()
        return self._scalar()

    def _fill(self) -> None:
        """Make sure that a whole token stands in the buffer."""
        if len(self._buffer) - self._at < TOKEN_LIMIT and not self._ended:
            piece = self._stream.read(PIECE)
            self._ended = not piece
            self._before += self._at
            self._buffer = self._buffer[self._at :] + piece
            self._at = 0

    def _object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self._at += 1
        self.skip_space()
        while self.peek() != b"}" or found:
            if self.peek() != b'"':
                self.reject("expected a name in double quotes")
            name = self._string()
            if name in found:
                self.reject(f"the name '{name:.40}' stands twice in one object")
            self.skip_space()
            self._take(b":", f"expected ':' after the name '{name:.40}'")
            found[name] = self.value(depth + 1)
            if self._separator(b"}"):
                return found
        self._at += 1
        return found

    def _list(self, depth: int) -> Any:
        self._at += 1
        self.skip_space()
        first = self.peek()
        if first == b"]":
            self._at += 1
            return []
        if first in b"-0123456789" and first:
            return self._numbers()
        found = [self.value(depth + 1)]
        while not self._separator(b"]"):
            found.append(self.value(depth + 1))
        return found

    def _separator(self, end: bytes) -> bool:
        """Take a comma, or the end; say whether it was the end."""
        self.skip_space()
        if self.peek() == end:
            self._at += 1
            return True
        self._take(b",", f"expected ',' or '{end.decode()}'")
        self.skip_space()
        return False

    def _take(self, wanted: bytes, reason: str) -> None:
        if self.peek() != wanted:
            self.reject(reason if self.peek() else "the file ends too early")
        self._at += 1

    def _string(self) -> str:
        self._fill()
        found = STRING.match(self._buffer, self._at)
        if found is None or found.end() - self._at > TOKEN_LIMIT:
            self.reject(f"a text that is not closed, or longer than {TOKEN_LIMIT} bytes")
        try:
            text = str(json.loads(found.group()))
            text.encode()  # half of a surrogate pair
        except ValueError:
            self.reject("a text that is not valid Unicode")
        self._at = found.end()
        return text

    def _scalar(self) -> Any:
        self._fill()
        found = SCALAR.match(self._buffer, self._at)
        if found is None:
            self.reject("expected a value" if self.peek() else "the file ends too early")
        if found.group() in LITERALS:
            self._at = found.end()
            return LITERALS[found.group()]
        (value,) = self._parse(found.group())
        self._at = found.end()
        return value

    def _numbers(self) -> Any:
        """Take the rest of a list that begins with a number."""
        numbers, filled = None, 0
        while True:
            self._fill()
            end = self._buffer.find(b"]", self._at)
            stop = end if end >= 0 else self._buffer.rfind(b",", self._at)
            if stop < 0 or (end < 0 and self._ended):
                self.reject("a list of numbers that does not end")
            if numbers is None and (end < 0 or end - self._at > TOKEN_LIMIT):
                numbers = np.empty(self._count_ahead(), dtype=np.float64)
            values = self._parse(self._buffer[self._at : stop])
            self._at = stop + 1
            if numbers is None:
                self._values += len(values)
                return values
            numbers[filled : filled + len(values)] = values
            filled += len(values)
            if end >= 0:
                return numbers

    def _count_ahead(self) -> int:
        """Count the numbers up to the end of the list, without taking them.

        An array that grows would need its memory twice.
        """
        place, piece = self._stream.tell(), self._buffer[self._at :]
        count = 1
        while piece:
            end = piece.find(b"]")
            count += piece.count(b",", 0, end if end >= 0 else len(piece))
            piece = self._stream.read(PIECE) if end < 0 else b""
        self._stream.seek(place)
        return count

    def _parse(self, piece: bytes) -> list[Any]:
        """Return the numbers of comma-separated text."""
        strange = piece.translate(None, NUMBER_BYTES)
        if strange:
            self.reject(f"{strange[:20].decode(errors='replace')!r} where a number belongs")
        values: list[Any] = []
        with contextlib.suppress(ValueError):
            values = json.loads(b"[" + piece + b"]")
        if not values:
            self.reject("a number that is malformed or missing")
        if min(values) < -DOUBLE_LIMIT or max(values) > DOUBLE_LIMIT:
            self.reject("a number too large for a double")
        return values
