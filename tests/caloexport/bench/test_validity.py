"""Limits that somebody beat."""

from __future__ import annotations

from caloexport.bench.validity import credible
from tests.caloexport.bench.recorded import result


def test_a_limit_that_nobody_beats_stays() -> None:
    rows = [result([110.0], limit_us=100.0), result([98.0], backend="numpy", limit_us=100.0)]
    assert credible(rows) == rows


def test_a_beaten_limit_is_withdrawn_from_everybody_in_the_same_rounds() -> None:
    rows = [
        result([110.0], limit_us=100.0),
        result([90.0], backend="numpy", limit_us=100.0),
        result([10.0], backend="tensorflow"),
        result([700.0], cache="cold", limit_us=600.0),
    ]
    ours, numpy, unlimited, cold = credible(rows)
    for row in (ours, numpy):
        assert (row.limit_us, row.times_limit, row.times_limit_p10) == (None, None, None)
        assert row.limit_valid is False
        assert row.limit_note is not None
        assert "numpy float32 (0.90 times the limit)" in row.limit_note
    assert ours.median_us == 110.0
    assert unlimited.limit_valid is None
    assert (cold.limit_us, cold.limit_valid, cold.limit_note) == (600.0, True, None)
