"""Records: finished showers, appended to a file that a kill can only leave with a torn end.

A record is magic, number of the shower, length and CRC-32 of the payload; the payload is the length of
a JSON text, the text (particle, totals), then for every mesh the numbers of its cells that are not
zero (uint32) and their energies (float32). Little-endian.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.simulation.primary import Primary
from caloexport.simulation.simulated import Simulated

MAGIC = b"CXSHOWER"
HEADER = struct.Struct("<8sQII")
TEXT_LENGTH = struct.Struct("<I")
#: all cells of the largest mesh of which files are read, several times over
MAX_PAYLOAD = 2**30


@dataclass(frozen=True)
class Place:
    """Where the record of a shower lies."""

    path: Path
    start: int
    length: int


@dataclass(frozen=True)
class Recorded:
    """A finished shower as its record tells it.

    Attributes:
        number, primary, upstream_mev, deposited_mev, active_mev, inside_mev: as in ``Simulated``.
        cells: by name of the scoring the cells that are not zero, (k,) uint32, and their energies.
    """

    number: int
    primary: Primary
    upstream_mev: float
    deposited_mev: float
    active_mev: float
    inside_mev: Mapping[str, float]
    cells: Mapping[str, tuple[Array, Float32]]


def encode(simulated: Simulated) -> bytes:
    """Return the record of a shower; it says nothing of when, where and how fast it was made."""
    filled = {name: np.flatnonzero(cells) for name, cells in simulated.energies.items()}
    text = json.dumps(
        {
            "primary": asdict(simulated.primary),
            "upstream_mev": float(simulated.upstream_mev),
            "deposited_mev": float(simulated.deposited_mev),
            "active_mev": float(simulated.active_mev),
            "inside_mev": {name: float(mev) for name, mev in simulated.inside_mev.items()},
            "cells": {name: len(index) for name, index in filled.items()},
        }
    ).encode()
    parts = [TEXT_LENGTH.pack(len(text)), text]
    for name, index in filled.items():
        parts.append(index.astype("<u4").tobytes())
        parts.append(simulated.energies[name][index].astype("<f4").tobytes())
    payload = b"".join(parts)
    number = simulated.number
    return HEADER.pack(MAGIC, number, len(payload), _checksum(number, payload)) + payload


def decode(number: int, payload: bytes) -> Recorded:
    """Return the shower of a payload."""
    (length,) = TEXT_LENGTH.unpack_from(payload)
    start = TEXT_LENGTH.size + length
    told = json.loads(payload[TEXT_LENGTH.size : start])
    cells = {}
    for name, count in told.pop("cells").items():
        index = np.frombuffer(payload, "<u4", count, start)
        energies = np.frombuffer(payload, "<f4", count, start + 4 * count)
        cells[name] = (index, energies)
        start += 8 * count
    return Recorded(number, _primary(told.pop("primary")), cells=cells, **told)


def _primary(data: Mapping[str, Any]) -> Primary:
    x_mm, y_mm = data["entry_mm"]
    return Primary(**{**data, "entry_mm": (x_mm, y_mm)})


def _checksum(number: int, payload: bytes) -> int:
    return zlib.crc32(payload, zlib.crc32(number.to_bytes(8, "little")))


class RecordWriter:
    """Appends records to a file; a context manager."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)

    def append(self, simulated: Simulated) -> None:
        """Append a shower; when that fails (disk full), the file is what it was before.

        Raises:
            OSError: it cannot be written.
        """
        before = self._file.seek(0, os.SEEK_END)
        rest = memoryview(encode(simulated))
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            os.ftruncate(self._file.fileno(), before)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def places(path: Path) -> dict[int, Place]:
    """Return where the showers of a file lie, after cutting off what a kill left torn at its end."""
    found: dict[int, Place] = {}
    end = 0
    with path.open("rb") as file:
        for number, start, payload in _whole_records(file):
            end = start + len(payload)
            found[number] = Place(path, start, len(payload))
    if path.stat().st_size > end:
        os.truncate(path, end)
    return found


def read_record(number: int, place: Place) -> Recorded:
    """Read the shower that lies at a place."""
    with place.path.open("rb") as file:
        file.seek(place.start)
        return decode(number, file.read(place.length))


def _whole_records(file: BinaryIO) -> Iterator[tuple[int, int, bytes]]:
    """Yield number, start of the payload and payload up to the first record that is not whole."""
    while len(header := file.read(HEADER.size)) == HEADER.size:
        magic, number, length, checksum = HEADER.unpack(header)
        if magic != MAGIC or length > MAX_PAYLOAD:
            return
        start = file.tell()
        payload = file.read(length)
        if len(payload) < length or _checksum(number, payload) != checksum:
            return
        yield number, start, payload
