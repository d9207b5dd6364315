"""A file as words of C++, eight bytes each, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from caloexport.runtime.errors import InputFileError

BEGIN = "inline const std::uint64_t weights_words[] = {"
WORD_BYTES, LINE = 8, 4
#: bytes made at a time, which bounds the memory
PIECE = 1 << 18
WORD = re.compile(r"0x([0-9a-f]{16})")


def words(path: Path) -> Iterator[str]:
    """Give the content of a file as lines of words, the first byte of a word its lowest.

    The last word is filled up with zeros.
    """
    data = np.memmap(path, dtype=np.uint8, mode="r")
    for start in range(0, data.size, PIECE):
        part = data[start : start + PIECE].tobytes()
        part += b"\0" * (-len(part) % WORD_BYTES)
        # the highest byte of a word is written first
        digits = np.frombuffer(part, dtype="<u8").astype(">u8").tobytes().hex()
        step = 2 * WORD_BYTES
        texts = [f"0x{digits[at : at + step]}," for at in range(0, len(digits), step)]
        for at in range(0, len(texts), LINE):
            yield "".join(texts[at : at + LINE]) + "\n"


def read_words(path: Path, n_bytes: int) -> bytes:
    """Return the content of the file of that size whose words a header holds.

    Raises:
        InputFileError: it holds none, or too few.
    """
    found = bytearray()
    with path.open(encoding="utf-8", errors="replace") as stream:
        for line in stream:
            if BEGIN in line:
                break
        for line in stream:
            if line.startswith("};"):
                break
            for digits in WORD.findall(line):
                found += bytes.fromhex(digits)[::-1]
    if len(found) < n_bytes:
        message = f"holds {len(found)} bytes of weights, its first lines say {n_bytes}"
        raise InputFileError(message, where=str(path), hint="was it changed? generate it again")
    return bytes(found[:n_bytes])
