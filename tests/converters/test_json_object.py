"""JSON objects of files that nobody vouches for."""

from __future__ import annotations

from pathlib import Path

import pytest

from caloexport.converters import json_object
from caloexport.converters.json_object import parse_json, read_json_object
from caloexport.runtime.errors import InputFileError


def test_an_object(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": [1, "é"]}', encoding="utf-8")
    assert read_json_object(tmp_path / "a.json", "the thing") == {"a": [1, "é"]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a.json: is empty, expected a JSON file"),
        (b"[1]", "a.json: the thing holds a list, expected an object"),
        (b"{", "the thing is not JSON"),
        (b"\xff\xfe\x00", "the thing is not JSON"),
        (b"[" * 200_000, "the thing is not JSON"),
        (b'{"a": 1' + b"0" * 5000 + b"}", "the thing is not JSON"),
    ],
)
def test_damaged_texts(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(InputFileError, match=message) as caught:
        read_json_object(tmp_path / "a.json", "the thing")
    assert str(tmp_path) in str(caught.value)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="cannot be read: No such file"):
        read_json_object(tmp_path / "none.json", "the thing")


def test_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_object, "LARGEST_JSON", 10)
    (tmp_path / "a.json").write_text('{"a": "0123456789"}')
    with pytest.raises(InputFileError, match="the thing has 19 bytes"):
        read_json_object(tmp_path / "a.json", "the thing")
    with pytest.raises(InputFileError, match="the thing has 19 bytes"):
        parse_json('{"a": "0123456789"}', "the thing", "a.json")
