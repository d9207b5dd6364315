"""Figures, the schema, and reading it back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from caloexport.bench.orders import Cache
from caloexport.bench.results import make_result, read_results
from caloexport.bench.statistics import figures, ratio
from caloexport.runtime.errors import InputFileError
from tests.caloexport.bench.recorded import STARTUP, peer_result, result, results, turn

KEYS = [
    "workload", "backend", "precision", "batch", "cache", "calls", "median_us", "p10_us", "p90_us",
    "p99_us", "limit_us", "rss_mb", "import_s", "first_shower_s", "within_budget",
]  # fmt: skip


def test_percentiles_are_of_all_calls_together() -> None:
    found = figures([[float(k) for k in range(51)], [float(k) for k in range(51, 101)]])
    assert (found.calls, found.median, found.p10, found.p90, found.p99) == (101, 50, 10, 90, 99)


def test_a_noisy_round_does_not_move_a_ratio() -> None:
    ours, peers = [[10.0, 10.0], [90.0, 90.0], [11.0]], [[20.0], [180.0], [22.0, 22.0]]
    assert ratio(peers, ours) == 2.0


def test_a_row_compares_within_the_rounds() -> None:
    row = make_result(
        ("W3", "numba", "float32", 1, "cold"),
        [turn([100, 110], [50, 60]), turn([300], [55])],
        STARTUP,
        limit=[turn([50]), turn([11])],
        peer=[turn([200], [110]), turn([330], [110])],
        budget_ms=0.2,
    )
    assert row.calls == 3
    assert row.times_limit == pytest.approx((55 / 50 + 55 / 11) / 2)
    assert row.speedup == 2.0
    assert row.shower_speedup == pytest.approx((200 / 105 + 330 / 300) / 2)
    assert row.within_budget is False


def test_a_peer_has_the_network_alone(tmp_path: Path) -> None:
    row = peer_result([3.0, 5.0])
    assert (row.calls, row.network_median_us) == (2, 4.0)
    assert (row.median_us, row.p99_us, row.within_budget) == (None, None, None)
    path = tmp_path / "a.json"
    path.write_text(json.dumps(results(row).to_json()))
    assert read_results(path) == results(row)


def test_a_peer_gives_no_ratio_of_whole_paths() -> None:
    place: tuple[str, str, str, int, Cache] = ("W1", "numba", "float32", 1, "hot")
    row = make_result(
        place, [turn([9.0], [2.0])], STARTUP, limit=None, peer=[turn([], [4.0])], budget_ms=None
    )
    assert (row.speedup, row.shower_speedup) == (2.0, None)


def test_the_schema_keeps_its_keys() -> None:
    data = results(result([1.0, 2.0])).to_json()
    assert list(data) == ["schema", "machine", "results"]
    assert data["schema"] == "caloexport.bench/1"
    assert list(data["results"][0])[: len(KEYS)] == KEYS


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    written = results(result([1.5, 2.5], budget_ms=1.0), result([3.0], backend="numpy"))
    path = tmp_path / "a.json"
    path.write_text(json.dumps(written.to_json()))
    assert read_results(path) == written


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
