from __future__ import annotations

from caloexport.bench.short_latency import CALLS, short_latency
from tests.networks import decoder


def test_single_showers_are_timed() -> None:
    found = short_latency(decoder().using("numpy"))
    assert 1 <= found.calls <= CALLS
    assert 0 < found.p10 <= found.median <= found.p90 <= found.p99
