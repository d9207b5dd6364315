"""Two results side by side."""

from __future__ import annotations

import pytest

from caloexport.bench.comparison import compare_results, same_machine, to_json
from caloexport.bench.results import Results
from caloexport.runtime.errors import UsageError
from tests.caloexport.bench.recorded import peer_result, result, results


def test_rows_are_paired_by_what_was_measured() -> None:
    before = results(result([10.0]), result([50.0], backend="numpy"), result([7.0], batch=16))
    after = results(result([20.0], backend="numpy"), result([11.0]))
    rows = compare_results(before, after)
    assert [(row.backend, row.ratio) for row in rows] == [("numpy", 0.4), ("numba", 1.1)]


def test_overlapping_ranges_are_not_called_different() -> None:
    before, after = results(result([10, 12, 14])), results(result([11, 13, 15]))
    assert compare_results(before, after)[0].apart is False
    assert compare_results(before, results(result([20, 22, 24])))[0].apart is True


def test_peers_are_compared_by_the_network() -> None:
    (row,) = compare_results(results(peer_result([10.0])), results(peer_result([5.0])))
    assert (row.before_us, row.after_us, row.ratio, row.apart) == (10.0, 5.0, 0.5, True)


def test_nothing_in_common() -> None:
    with pytest.raises(UsageError, match="in common"):
        compare_results(results(result([1.0])), results(result([1.0], batch=2)))


def test_another_machine_is_noticed() -> None:
    here = results(result([1.0]))
    there = Results({"cpu": "another", "cores": 2}, here.rows)
    assert same_machine(here, here)
    assert not same_machine(here, there)
    assert to_json(here, there)["same_machine"] is False


def test_limits_and_memory_are_compared_where_they_are_told() -> None:
    row = compare_results(
        results(result([20.0], limit_us=10.0)), results(result([11.0], limit_us=10.0))
    )[0]
    assert (row.times_limit_before, row.times_limit_after) == (2.0, 1.1)
    assert row.network_ratio == pytest.approx(0.55)
    assert (row.private_mb_before, row.private_mb_after) == (1.0, 1.0)
    unlimited = compare_results(results(result([20.0])), results(result([11.0])))[0]
    assert unlimited.times_limit_after is None
