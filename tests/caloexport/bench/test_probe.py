"""The probe reads what it says."""

from __future__ import annotations

import pytest

from caloexport.bench.orders import Order
from caloexport.bench.probe import CURVE, STREAMS, Probe
from caloexport.runtime.errors import UsageError

OWN = 700_000


@pytest.fixture(scope="module")
def probe() -> Probe:
    return Probe((OWN, CURVE[0], OWN))


def test_own_footprints_and_the_curve_are_read_in_both_orders(probe: Probe) -> None:
    evicted: list[int] = []
    order = Order(1, "cold", seconds=0.0, least=3, most=3)
    readings = probe.readings(order, lambda: evicted.append(1))
    asked = [(one.bytes, one.streams) for one in readings]
    expected = {OWN, *CURVE}
    assert len(asked) == len(set(asked)) == len(STREAMS) * len(expected)
    assert {size for size, _ in asked} == expected
    calls = {one.bytes: len(one.samples) for one in readings}
    assert (calls[OWN], calls[CURVE[0]], calls[CURVE[1]]) == (3, 3, 2)
    assert len(evicted) == sum(len(one.samples) for one in readings)
    assert all(us > 0 for one in readings for us in one.samples)


def test_only_one_or_two_streams(probe: Probe) -> None:
    with pytest.raises(UsageError, match="3 streams"):
        probe.read(OWN, 3)


def test_without_numba_numpy_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caloexport.bench.probe.installed", lambda module: False)
    call = Probe(()).read(4_000, streams=1, again=2)
    assert call(0) == [1000.0, 1000.0]
