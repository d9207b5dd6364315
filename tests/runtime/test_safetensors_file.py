from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors
import safetensors.numpy

from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.safetensors_file import (
    HEADER_LIMIT,
    dump_safetensors,
    read_safetensors,
    write_safetensors,
)

ARRAYS = {
    "kernel": np.arange(128, dtype=np.float32).reshape(2, 1, 64),
    "sums": np.linspace(0, 1, 6).reshape(2, 3),
    "cells": np.array([-1, 2**40], dtype=np.int64),
    "codes": np.arange(5, dtype=np.uint8),
    "small": np.array([-3, 4], dtype=np.int8),
    "half": np.array([1, 2, 65535], dtype=np.uint16),
    "index": np.array([7], dtype=np.int32),
    "scalar": np.array(2.5, dtype=np.float32),
    "nothing": np.zeros((0, 3), dtype=np.float32),
}
METADATA = {"format": "test/1", "manifest": '{"a": "µ"}'}


def test_round_trip(tmp_path: Path) -> None:
    write_safetensors(tmp_path / "a.safetensors", ARRAYS, METADATA)
    arrays, metadata = read_safetensors(tmp_path / "a.safetensors")
    assert metadata == METADATA
    assert list(arrays) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        assert not arrays[name].flags.writeable
        np.testing.assert_array_equal(arrays[name], array)
    content = (tmp_path / "a.safetensors").read_bytes()
    assert content == dump_safetensors(ARRAYS, METADATA)
    assert (8 + struct.unpack("<Q", content[:8])[0]) % 64 == 0


def test_the_library_reads_what_we_write(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    write_safetensors(path, ARRAYS, METADATA)
    with safetensors.safe_open(path, framework="numpy") as file:
        assert file.metadata() == METADATA
        assert set(file.keys()) == set(ARRAYS)
        for name, array in ARRAYS.items():
            found = file.get_tensor(name)
            assert found.dtype == array.dtype
            np.testing.assert_array_equal(found, array)


def test_we_read_what_the_library_writes(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    safetensors.numpy.save_file(ARRAYS, path, metadata=METADATA)
    arrays, metadata = read_safetensors(path)
    assert metadata == METADATA
    assert set(arrays) == set(ARRAYS)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(arrays[name], array)


def content(header: Any, data: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def tensor(start: Any = 0, stop: Any = 8, shape: Any = (2,), dtype: Any = "F32") -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, stop]}


EIGHT = bytes(8)
MALFORMED = {
    "one byte": b"\0",
    "only a length": struct.pack("<Q", 0),
    "header longer than the file": content({}, length=10**6 - 1),
    "header of 16 EB": content({}, length=2**64 - 1),
    "header over the limit": content(b"{" + b" " * HEADER_LIMIT + b"}"),
    "not JSON": content(b"spam"),
    "not UTF-8": content(b'{"\xff": 1}'),
    "UTF-16": content(json.dumps({"a": tensor()}).encode("utf-16"), EIGHT),
    "a list": content([1, 2]),
    "a string": content("spam"),
    "null": content(None),
    "deep nesting": content(b"[" * 500_000),
    "deep nesting of objects": content(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "a number of a million digits": content(b'{"a": ' + b"9" * 900_000 + b"}"),
    "trailing bytes": content({"a": tensor()}, EIGHT + b"\0"),
    "no tensor but bytes": content({}, EIGHT),
    "truncated data": content({"a": tensor()}, EIGHT[:7]),
    "a hole": content({"a": tensor(4, 12)}, EIGHT + EIGHT),
    "a hole in the middle": content({"a": tensor(), "b": tensor(12, 20)}, EIGHT * 3),
    "overlap": content({"a": tensor(), "b": tensor(4, 12)}, EIGHT + EIGHT),
    "the same bytes twice": content({"a": tensor(), "b": tensor()}, EIGHT),
    "out of range": content({"a": tensor(0, 8000, (2000,))}, EIGHT),
    "stop before start": content({"a": tensor(8, 0)}, EIGHT),
    "negative start": content({"a": tensor(-8, 0)}, EIGHT),
    "negative shape": content({"a": tensor(0, 8, (-1, -2))}, EIGHT),
    "bool as shape": content({"a": tensor(0, 4, (True,))}, EIGHT[:4]),
    "bool as offset": content({"a": tensor(False, 8)}, EIGHT),
    "float as offset": content({"a": tensor(0.0, 8.0)}, EIGHT),
    "text as offset": content({"a": tensor("0", "8")}, EIGHT),
    "three offsets": content({"a": {**tensor(), "data_offsets": [0, 4, 8]}}, EIGHT),
    "text as shape": content({"a": tensor(0, 4, "")}, EIGHT[:4]),
    "object as shape": content({"a": tensor(0, 4, {})}, EIGHT[:4]),
    "shape that does not fit": content({"a": tensor(0, 8, (3,))}, EIGHT),
    "huge shape": content({"a": tensor(0, 8, (2**62, 2**62, 2**62))}, EIGHT),
    "huge shape with a zero": content({"a": tensor(0, 0, (0, 2**62, 2**62))}),
    "product that wraps round to 2": content({"a": tensor(0, 8, (2**63 + 1, 2))}, EIGHT),
    "too many axes": content({"a": tensor(0, 8, [2] + [1] * 5000)}, EIGHT),
    "many huge axes": content({"a": tensor(0, 8, [10**1000] * 900)}, EIGHT),
    "unknown type": content({"a": tensor(dtype="F13")}, EIGHT),
    "type that is no text": content({"a": tensor(dtype=["F32"])}, EIGHT),
    "no type": content({"a": {"shape": [2], "data_offsets": [0, 8]}}, EIGHT),
    "entry that is no object": content({"a": [0, 8]}, EIGHT),
    "entry that is null": content({"a": None}, EIGHT),
    "the same name twice": content(
        json.dumps({"a": tensor(), "b": tensor(8, 16)}).replace('"b"', '"a"').encode(), EIGHT * 2
    ),
    "metadata is a list": content({"__metadata__": ["x"]}),
    "metadata is text": content({"__metadata__": "x"}),
    "metadata is null": content({"__metadata__": None}),
    "metadata holds a number": content({"__metadata__": {"format": 1}}),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_files_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "bad.safetensors"
    path.write_bytes(MALFORMED[name])
    with pytest.raises(InputFileError, match="not a valid safetensors file: ") as caught:
        read_safetensors(path)
    assert caught.value.where == str(path)
    assert len(str(caught.value)) < 6000


def test_every_truncation_is_refused(tmp_path: Path) -> None:
    whole = dump_safetensors({"a": ARRAYS["kernel"]}, METADATA)
    path = tmp_path / "a.safetensors"
    for length in range(1, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(InputFileError):
            read_safetensors(path)


def test_an_empty_header_is_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(content({}))
    assert read_safetensors(path) == ({}, {})


def test_a_header_that_no_reader_takes_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="readers accept 1000000"):
        write_safetensors(tmp_path / "a", {}, {"manifest": "x" * HEADER_LIMIT})


def test_a_file_that_cannot_be_mapped() -> None:
    with pytest.raises(InputFileError, match="cannot be mapped into memory"):
        read_safetensors(Path("/proc/self/status"))
