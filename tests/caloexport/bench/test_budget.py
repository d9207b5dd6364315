"""The budget rule, on recorded calls."""

from __future__ import annotations

import pytest

from caloexport.bench.budget import LEAST_CALLS, require_budget
from caloexport.bench.run import Effort
from caloexport.runtime.errors import AnswerIsNo, UsageError
from tests.caloexport.bench.recorded import peer_result, result

FAST = [200.0] * LEAST_CALLS
#: two percent of the calls are slow
TAIL = [200.0] * 1960 + [1500.0] * 40


def test_within() -> None:
    row = result(FAST, budget_ms=1.0)
    assert row.within_budget is True
    require_budget([row], ["numba"], 1.0)


def test_the_tail_decides_not_the_median() -> None:
    row = result(TAIL, budget_ms=1.0)
    assert row.median_us == 200.0
    with pytest.raises(AnswerIsNo, match=r"numba on W1, batch 1, hot: 1.5 ms"):
        require_budget([row], ["numba"], 1.0)


def test_half_a_percent_may_be_slow() -> None:
    assert result([200.0] * 1990 + [9000.0] * 10, budget_ms=1.0).within_budget is True


def test_only_the_named_backends_are_judged() -> None:
    rows = [result(FAST, budget_ms=1.0), result(TAIL, backend="tensorflow", budget_ms=1.0)]
    require_budget(rows, ["numba"], 1.0)
    with pytest.raises(AnswerIsNo, match="tensorflow"):
        require_budget(rows, ["numba", "tensorflow"], 1.0)


def test_without_a_budget_there_is_no_verdict() -> None:
    assert result(TAIL).within_budget is None


@pytest.mark.parametrize("us", [200.0, 5000.0])
def test_fewer_calls_give_no_verdict(us: float) -> None:
    row = result([us] * (LEAST_CALLS - 1), budget_ms=1.0)
    assert row.within_budget is None
    with pytest.raises(AnswerIsNo, match=r"no verdict .* numba on W1, batch 1, hot: 1999"):
        require_budget([row], ["numba"], 1.0)


def test_a_peer_is_not_judged() -> None:
    rows = [result(FAST, budget_ms=1.0), peer_result([5000.0] * LEAST_CALLS)]
    require_budget(rows, ["numba", "litert"], 1.0)
    with pytest.raises(UsageError, match="litert has no whole path"):
        require_budget(rows, ["litert"], 1.0)


@pytest.mark.parametrize("rounds", [1, 3, 10])
def test_the_rounds_of_who_is_judged_add_up(rounds: int) -> None:
    effort = Effort(rounds=rounds)
    assert effort.order(1, "cold", LEAST_CALLS).least_showers * rounds >= LEAST_CALLS
    assert effort.order(1, "cold").least_showers == 0
