"""Figures, the schema, and reading it back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from caloexport.bench.results import FIRST_KEYS, read_results
from caloexport.runtime.errors import InputFileError
from tests.caloexport.bench.recorded import peer_result, result, results

KEYS = [
    "workload", "backend", "precision", "batch", "cache", "calls", "median_us", "p10_us", "p90_us",
    "p99_us", "limit_us", "rss_mb", "import_s", "first_shower_s", "within_budget",
]  # fmt: skip


def test_a_peer_has_the_network_alone(tmp_path: Path) -> None:
    row = peer_result([3.0, 5.0])
    assert (row.calls, row.network_median_us) == (2, 4.0)
    assert (row.median_us, row.p99_us, row.within_budget) == (None, None, None)
    path = tmp_path / "a.json"
    path.write_text(json.dumps(results(row).to_json()))
    assert read_results(path) == results(row)


def test_the_schema_keeps_its_keys() -> None:
    data = results(result([1.0, 2.0])).to_json()
    assert list(data) == ["schema", "machine", "results", "bandwidth"]
    assert data["schema"] == "caloexport.bench/1"
    assert list(data["results"][0])[: len(KEYS)] == KEYS


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    written = results(result([1.5, 2.5], budget_ms=1.0), result([3.0], backend="numpy"))
    path = tmp_path / "a.json"
    path.write_text(json.dumps(written.to_json()))
    assert read_results(path) == written


def test_files_from_before_the_bandwidth_curve_can_be_read(tmp_path: Path) -> None:
    data = results(result([1.5, 2.5])).to_json()
    del data["bandwidth"]
    data["results"] = [{k: row[k] for k in row if k in FIRST_KEYS} for row in data["results"]]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(data))
    found = read_results(path)
    assert found.bandwidth == ()
    assert (found.rows[0].median_us, found.rows[0].private_mb) == (2.0, None)


@pytest.mark.parametrize("points", [1, [1], [{"bytes": 3}], {"a": "b"}])
def test_a_damaged_curve_is_refused(tmp_path: Path, points: object) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({**results(result([1.0])).to_json(), "bandwidth": points}))
    with pytest.raises(InputFileError):
        read_results(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("{", "not JSON"),
        ("[]", "not a result"),
        ('{"schema": "caloexport.verify/1"}', "not a result"),
        ('{"schema": "caloexport.bench/1", "machine": {}}', "results"),
        ('{"schema": "caloexport.bench/1", "machine": {}, "results": [1]}', "lacks"),
        ('{"schema": "caloexport.bench/1", "machine": {}, "results": [{}]}', "lacks"),
    ],
)
def test_damaged_results_are_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(InputFileError, match=message):
        read_results(path)


@pytest.mark.parametrize("value", [0, -1.0, "fast", None])
def test_a_median_must_be_positive(tmp_path: Path, value: object) -> None:
    data = results(result([1.0])).to_json()
    data["results"][0]["median_us"] = value
    path = tmp_path / "a.json"
    path.write_text(json.dumps(data))
    with pytest.raises(InputFileError, match="median_us"):
        read_results(path)
