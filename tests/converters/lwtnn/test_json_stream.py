from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caloexport.converters.lwtnn import json_stream
from caloexport.converters.lwtnn.json_stream import read_json
from caloexport.runtime.errors import InputFileError


def plain(value: Any) -> Any:
    """Turn arrays back into lists."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, np.ndarray):
        return value.tolist()
    return [plain(one) for one in value] if isinstance(value, list) else value


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)
NUMBERS_FIRST = (int, float)


def mixed(value: Any) -> bool:
    """Say whether a list begins with a number and holds something else (which is refused)."""
    if isinstance(value, dict):
        return any(mixed(one) for one in value.values())
    if not isinstance(value, list) or not value:
        return False
    numeric = [isinstance(one, NUMBERS_FIRST) and not isinstance(one, bool) for one in value]
    return (numeric[0] and not all(numeric)) or any(mixed(one) for one in value)


@given(value=VALUES, indent=st.sampled_from([None, 1]), ascii_only=st.booleans())
@settings(
    derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_reads_what_python_reads(tmp_path: Path, value: Any, indent: Any, ascii_only: bool) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(value, indent=indent, ensure_ascii=ascii_only), encoding="utf-8")
    if mixed(value):
        with pytest.raises(InputFileError, match="where a number belongs"):
            read_json(path)
    else:
        assert plain(read_json(path)) == value


@pytest.mark.parametrize("piece", [64, 1000, 1 << 18])
def test_long_lists_become_arrays(
    tmp_path: Path, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_stream, "PIECE", piece)
    monkeypatch.setattr(json_stream, "TOKEN_LIMIT", 200)
    numbers = np.random.default_rng(1).normal(size=3000)
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"w": numbers.tolist(), "i": [1, 2], "last": ["x", {}]}))
    found = read_json(path)
    np.testing.assert_array_equal(found["w"], numbers)
    assert isinstance(found["w"], np.ndarray)
    assert found["i"] == [1, 2] and found["last"] == ["x", {}]


def test_the_last_digit_survives(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    numbers = [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -0.0]
    path.write_text(json.dumps(numbers))
    found = read_json(path)
    assert found == numbers and math.copysign(1, found[-1]) == -1


MALFORMED = {
    "empty": ("", "is empty"),
    "only space": (" \n", "the file ends too early"),
    "truncated object": ('{"a": 1', "the file ends too early"),
    "truncated list": ("[1, 2", "does not end"),
    "truncated text": ('{"a', "not closed"),
    "truncated literal": ("tru", "'tru' where a number belongs"),
    "trailing comma": ("[1, 2,]", "malformed or missing"),
    "trailing comma in object": ('{"a": 1,}', "expected a name in double quotes"),
    "double comma": ("[1,,2]", "malformed or missing"),
    "leading comma": ("[,1]", "expected a value"),
    "missing comma": ("[1 2]", "malformed or missing"),
    "missing colon": ('{"a" 1}', "expected ':' after the name 'a'"),
    "name without quotes": ("{a: 1}", "expected a name in double quotes"),
    "single quotes": ("{'a': 1}", "expected a name in double quotes"),
    "comment": ('{"a": 1} // that was it', "something follows"),
    "two values": ("{} {}", "something follows"),
    "name twice": ('{"weights": [], "weights": []}', "'weights' stands twice"),
    "NaN": ('{"a": NaN}', "'NaN' where a number belongs"),
    "Infinity": ("[1, Infinity]", "where a number belongs"),
    "minus infinity": ("[-Infinity]", "where a number belongs"),
    "overflow": ("[1, 1e400]", "too large for a double"),
    "huge integer": ("1" + "0" * 400, "malformed|too large"),
    "leading zero": ("[01]", "malformed"),
    "plus": ("[1, +2]", "malformed"),
    "bare point": ("[1.]", "malformed"),
    "hexadecimal": ("[0x10]", "where a number belongs"),
    "text among numbers": ('[1, "2"]', "where a number belongs"),
    "list among numbers": ("[1, [2]]", "where a number belongs"),
    "deep": ("[" * 5000, "nested deeper than 64"),
    "deep objects": ('{"a":' * 5000, "nested deeper than 64"),
    "control character": ('["a\nb"]', "not closed"),
    "half a surrogate": ('["\\ud800"]', "not valid Unicode"),
    "bad escape": ('["\\x41"]', "not valid Unicode"),
    "byte order mark": ("\ufeff{}", "expected a value"),
    "endless text": ('["' + "a" * 100_000 + '"]', "longer than 65536"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_text_is_refused(name: str, tmp_path: Path) -> None:
    text, message = MALFORMED[name]
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputFileError, match=message) as caught:
        read_json(path)
    assert caught.value.where == str(path)


@pytest.mark.parametrize("content", [b'["\xff"]', b"\x00\x01\x02", b"PK\x03\x04rest", b"[\xff]"])
def test_binary_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(InputFileError, match="not valid JSON at byte"):
        read_json(path)


def test_the_number_of_values_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "VALUES_LIMIT", 100)
    path = tmp_path / "a.json"
    path.write_text(json.dumps([[]] * 200))
    with pytest.raises(InputFileError, match="more than 100 values"):
        read_json(path)


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_a_file_cut_anywhere_is_refused(cut: int, tmp_path: Path) -> None:
    whole = json.dumps({"a": [0.5] * 30, "b": {"c": ["text"] * 12, "d": [True, None]}})
    path = tmp_path / "a.json"
    path.write_text(whole[: min(cut, len(whole) - 1)])
    with pytest.raises(InputFileError):
        read_json(path)
