"""A file as words of C++, eight bytes each, and back."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from caloexport.runtime.errors import InputFileError

BEGIN = "inline const std::uint64_t weights_words[] = {"
WORD_BYTES, WORDS_PER_LINE = 8, 4
#: words made at a time, which bounds the memory
PIECE = 1 << 16
WORD = re.compile(r"0x([0-9a-f]{16})")


def words(path: Path) -> str:
    """Return the content of a file as lines of words, its first byte the lowest of a word.

    The last word is filled up with zeros.
    """
    data = np.memmap(path, dtype=np.uint8, mode="r")
    lines: list[str] = []
    for start in range(0, data.size, PIECE * WORD_BYTES):
        part = data[start : start + PIECE * WORD_BYTES].tobytes()
        part += b"\0" * (-len(part) % WORD_BYTES)
        # the highest byte is written first
        digits = np.frombuffer(part, dtype="<u8").astype(">u8").tobytes().hex()
        step = 2 * WORD_BYTES
        row = [f"0x{digits[at : at + step]}," for at in range(0, len(digits), step)]
        lines += [
            "".join(row[at : at + WORDS_PER_LINE]) for at in range(0, len(row), WORDS_PER_LINE)
        ]
    return "\n".join(lines) + "\n"


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
