"""What is counted of a call."""

from __future__ import annotations

from pathlib import Path

from caloexport.bench.energy import EnergyMeter
from caloexport.bench.orders import Order
from caloexport.bench.timing import measure

HOT = Order(batch=2, cache="hot", seconds=0.0, least=3, most=3)
COLD = Order(batch=2, cache="cold", seconds=0.0, least=3, most=3)


def test_cold_calls_evict_before_every_call() -> None:
    events: list[str] = []
    found = measure(lambda i: events.append(f"call {i}"), COLD, lambda: events.append("evict"))
    assert len(found.samples) == 3
    assert events == ["call 0", "evict", "call 1", "evict", "call 2", "evict", "call 3"]


def test_what_is_told_to_be_inside_does_not_count() -> None:
    inside = [0]

    def call(i: int) -> None:
        inside[0] += 10**12  # a thousand seconds

    found = measure(call, HOT, lambda: None, inside=lambda: inside[0])
    assert all(us < 0 for us in found.samples)


def test_energy_is_per_shower_of_hot_calls(tmp_path: Path) -> None:
    counter = tmp_path / "intel-rapl:0"
    counter.mkdir()
    (counter / "energy_uj").write_text("0")

    def call(i: int) -> None:
        (counter / "energy_uj").write_text(str(600 * i))

    meter = EnergyMeter(tmp_path)
    assert measure(call, HOT, lambda: None, meter).energy_uj == 600 * 3 / (3 * 2)
    assert measure(call, COLD, lambda: None, meter).energy_uj is None
    assert measure(call, HOT, lambda: None).energy_uj is None
