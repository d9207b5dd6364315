"""Safetensors files: read by memory map, written with the data aligned to 64 bytes.

The format: 8 bytes little-endian length of the header; the header, a JSON object from tensor name
to dtype, shape and byte range, padded with spaces; the tensors, without holes. Reading runs no
code and allocates nothing but the header, which may not exceed 1 MB.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.files import existing_file

ALIGNMENT = 64
HEADER_LIMIT = 1_000_000
MAX_AXES = 32
DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "I64": "<i8",
    "I32": "<i4",
    "U16": "<u2",
    "U8": "u1",
    "I8": "i1",
}


def read_safetensors(path: Path) -> tuple[dict[str, Array], dict[str, str]]:
    """Map a file into memory.

    Returns:
        read-only arrays by name, and the metadata strings.

    Raises:
        InputFileError: any way in which the file breaks the format.
    """
    try:
        data = np.memmap(existing_file(path, "safetensors file"), dtype=np.uint8, mode="r")
    except (OSError, ValueError) as error:
        message = f"cannot be mapped into memory: {error}"
        raise InputFileError(message, where=str(path)) from error
    return parse_safetensors(data, str(path))


def parse_safetensors(data: Array, where: str) -> tuple[dict[str, Array], dict[str, str]]:
    """Read the content of a file, an array of bytes; results and errors of the above.

    Args:
        data: (bytes,) uint8; the arrays returned are views of it.
        where: named in errors.
    """

    def reject(reason: str) -> NoReturn:
        message = f"not a valid safetensors file: {reason}"
        raise InputFileError(message, where=where, hint="truncated or damaged? write it again")

    if data.size < 8:
        reject("shorter than its 8-byte length field")
    length = int.from_bytes(data[:8].tobytes(), "little")
    if length > HEADER_LIMIT or 8 + length > data.size:
        reject(
            f"the header claims {length} bytes, the file has {data.size}, "
            f"and {HEADER_LIMIT} are the limit"
        )
    try:
        header = json.loads(data[8 : 8 + length].tobytes().decode(), object_pairs_hook=_unique)
        metadata = header.pop("__metadata__", {})
        if not all(isinstance(text, str) for text in metadata.values()):
            reject("its metadata are not strings")
        spans = sorted((*item["data_offsets"], name) for name, item in header.items())
        arrays, end = {}, 0
        for start, stop, name in spans:
            dtype, shape = np.dtype(DTYPES[header[name]["dtype"]]), header[name]["shape"]
            small = all(type(n) is int and 0 <= n <= data.size for n in (start, stop, *shape))
            if (
                type(shape) is not list
                or len(shape) > MAX_AXES
                or not small
                or start != end
                or stop - start != math.prod(shape) * dtype.itemsize
            ):
                reject(f"tensor '{name}' does not fit its bytes {start} to {stop}")
            if 8 + length + stop > data.size:
                reject(f"tensor '{name}' ends beyond the file")
            arrays[name] = data[8 + length + start : 8 + length + stop].view(dtype).reshape(shape)
            end = stop
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reject(f"its header is damaged: {error!r:.80}")
    if 8 + length + end != data.size:
        reject(f"{data.size - 8 - length - end} bytes after the last tensor")
    return arrays, metadata


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a name appears twice"
        raise ValueError(message)
    return found


def write_safetensors(path: Path, arrays: Mapping[str, Array], metadata: Mapping[str, str]) -> None:
    """Write arrays in the given order, the data starting at a multiple of 64 bytes.

    Args:
        path: a new file; use :func:`~caloexport.runtime.files.atomic_output` around it.
        arrays: little-endian numpy arrays; those whose sizes are multiples of 64 bytes first.
        metadata: strings.
    """
    with path.open("wb") as stream:
        _write(stream, arrays, metadata)


def dump_safetensors(arrays: Mapping[str, Array], metadata: Mapping[str, str]) -> bytes:
    """Return what :func:`write_safetensors` would write, to be embedded in another file."""
    stream = BytesIO()
    _write(stream, arrays, metadata)
    return stream.getvalue()


def _write(stream: BinaryIO, arrays: Mapping[str, Array], metadata: Mapping[str, str]) -> None:
    names = {np.dtype(code): name for name, code in DTYPES.items()}
    header: dict[str, Any] = {"__metadata__": dict(metadata)}
    offset = 0
    for name, array in arrays.items():
        header[name] = {
            "dtype": names[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + array.nbytes],
        }
        offset += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    if len(text) + ALIGNMENT > HEADER_LIMIT:
        message = f"the manifest takes {len(text)} bytes, readers accept {HEADER_LIMIT}"
        raise UnsupportedError(message, hint="shorten its provenance")
    text += b" " * (-(len(text) + 8) % ALIGNMENT)
    stream.write(len(text).to_bytes(8, "little"))
    stream.write(text)
    for array in arrays.values():
        stream.write(np.ascontiguousarray(array).data)
