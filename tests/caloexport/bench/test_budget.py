"""The budget rule, on recorded calls."""

from __future__ import annotations

import pytest

from caloexport.bench.budget import require_budget
from caloexport.runtime.errors import AnswerIsNo
from tests.caloexport.bench.recorded import result

FAST = [200.0] * 1000
#: two percent of the calls are slow
TAIL = [200.0] * 980 + [1500.0] * 20


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
    assert result([200.0] * 995 + [9000.0] * 5, budget_ms=1.0).within_budget is True


def test_only_the_named_backends_are_judged() -> None:
    rows = [result(FAST, budget_ms=1.0), result(TAIL, backend="tensorflow", budget_ms=1.0)]
    require_budget(rows, ["numba"], 1.0)
    with pytest.raises(AnswerIsNo, match="tensorflow"):
        require_budget(rows, ["numba", "tensorflow"], 1.0)


def test_without_a_budget_there_is_no_verdict() -> None:
    assert result(TAIL).within_budget is None
