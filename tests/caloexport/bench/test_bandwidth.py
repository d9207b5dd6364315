"""The curve and the limits, from recorded readings."""

from __future__ import annotations

import pytest

from caloexport.bench.bandwidth import curve, limit_rounds
from tests.caloexport.bench.recorded import reading

MB = 1_000_000
ROUNDS = [
    [reading(MB, 1, 10.0, 12.0, 11.0), reading(MB, 2, 9.0, 10.0, 11.0), reading(4 * MB, 1, 50.0)],
    [reading(MB, 1, 20.0), reading(MB, 2, 22.0), reading(4 * MB, 1, 40.0)],
    [reading(MB, 1, 11.0), reading(MB, 2, 10.0), reading(4 * MB, 1, 40.0)],
]


def test_the_limit_of_a_round_is_its_faster_order() -> None:
    assert limit_rounds(ROUNDS, MB) == [(9.0, 10.0, 11.0), (20.0,), (10.0,)]


def test_bytes_that_nobody_read_have_no_limit() -> None:
    assert limit_rounds(ROUNDS, 3) is None
    assert limit_rounds([], MB) is None
    assert limit_rounds([ROUNDS[0], []], MB) is None


def test_the_curve_is_in_gigabytes_per_second() -> None:
    small, large = curve("hot", ROUNDS)
    assert (small.bytes, small.streams, small.gb_per_s) == (MB, 2, 100.0)
    assert small.p10_gb_per_s == pytest.approx(60.0)
    assert (large.bytes, large.gb_per_s, large.cache) == (4 * MB, 100.0, "hot")
