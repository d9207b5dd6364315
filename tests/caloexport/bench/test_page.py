"""The page, from recorded results."""

from __future__ import annotations

from caloexport.bench.page import make_page
from caloexport.bench.results import Results
from caloexport.bench.validity import credible
from tests.caloexport.bench.recorded import MACHINE, peer_result, result, results


def test_the_page_shows_bars_limits_ratios_memory_and_the_curve() -> None:
    page = make_page(results(result([20.0], limit_us=16.0), peer_result([30.0])))
    for text in ("a processor", "W1, batch 1, hot", "1.25 × limit", "Memory bandwidth", "litert"):
        assert text in page
    assert page.count("<svg") == 2
    assert "http" not in page.replace("http-equiv", "")


def test_a_withdrawn_limit_is_never_drawn() -> None:
    rows = credible([result([20.0], limit_us=30.0)])
    page = make_page(Results(MACHINE, tuple(rows)))
    assert "no limit: beaten by numba float32 (0.67 times the limit)" in page
    assert "× limit</text>" not in page
    assert page.count("<svg") == 1


def test_the_budget_has_a_column_when_there_is_one() -> None:
    assert "budget" not in make_page(results(result([20.0])))
    judged = make_page(results(result([20.0] * 2000, budget_ms=1.0)))
    assert "<th>budget</th>" in judged
    assert "<td>ok</td>" in judged
