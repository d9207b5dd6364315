"""From recorded rounds to rows."""

from __future__ import annotations

import pytest

from caloexport.bench.orders import Turn, name_of
from caloexport.bench.participants import Participant
from caloexport.bench.results import PEER
from caloexport.bench.summary import Recorded, Rivals, make_result, summarise
from tests.caloexport.bench.recorded import STARTUP, reading, turn

SIZE = 16_000_000
OURS, LITERT = Participant("numba", "float32"), Participant("litert", "float32")
SMALL = Participant("numba", "int8")


def test_a_row_compares_within_the_rounds() -> None:
    row = make_result(
        ("W3", "numba", "float32", 1, "cold"),
        [turn([100, 110], [50, 60]), turn([300], [55])],
        STARTUP,
        Rivals(
            limit=[(50.0,), (11.0,)],
            weight_bytes=SIZE,
            peer=[turn([200], [110]), turn([330], [110])],
            equals={"litert float32": [turn([], [55]), turn([], [110])]},
        ),
    )
    assert (row.calls, row.weight_bytes, row.limit_valid) == (3, SIZE, True)
    assert row.times_limit == pytest.approx((55 / 50 + 55 / 11) / 2)
    assert row.times_limit_p10 == pytest.approx(1.1 + 0.1 * 3.9)
    assert (row.speedup, row.speedup_p10, row.speedup_p90) == (2.0, 2.0, 2.0)
    assert row.shower_speedup == pytest.approx((200 / 105 + 330 / 300) / 2)
    assert row.speedups["litert float32"] == pytest.approx({"median": 1.5, "p10": 1.1, "p90": 1.9})
    assert row.within_budget is None


def test_a_peer_without_showers_gives_no_ratio_of_showers() -> None:
    place = ("W3", "numba", "float32", 1, "hot")
    row = make_result(place, [turn([100], [50])], STARTUP, Rivals(peer=[turn([], [100])]))  # type: ignore[arg-type]
    assert (row.speedup, row.shower_speedup) == (2.0, None)


def test_overhead_and_energy_are_of_the_rounds_that_tell() -> None:
    turns = [Turn((9.0,), (5.0,), (2.0, 4.0), 30.0), Turn((9.0,), (5.0,), (), None)]
    row = make_result(("W3", "numba", "float32", 1, "hot"), turns, STARTUP)
    assert (row.overhead_us, row.overhead_p90_us, row.energy_uj) == (3.0, 3.8, 30.0)
    silent = make_result(("W3", "numba", "float32", 1, "hot"), turns[1:], STARTUP)
    assert (silent.overhead_us, silent.energy_uj) == (None, None)


def test_everybody_has_the_limit_of_his_bytes_and_rivals_of_his_family() -> None:
    onnx = Participant("onnxruntime-binding", "float32")
    assert onnx.name == PEER
    times = {OURS: 100.0, LITERT: 120.0, SMALL: 30.0, onnx: 150.0}
    recorded = Recorded(
        turns={(one.name, 1, "hot"): [turn([us], [us])] for one, us in times.items()},
        startups=dict.fromkeys((one.name for one in times), STARTUP),
        readings={
            "hot": [[reading(400, 1, 99.0), reading(400, 2, 90.0), reading(100, 1, 20.0)]],
        },
        sizes={one.name: 100 if one is SMALL else 400 for one in times},
    )
    rows = summarise("W1", [(1, "hot")], list(times), recorded, budget_ms=None)
    found = {row.name: row for row in rows}
    assert [row.limit_us for row in rows] == [90.0, 90.0, 20.0, 90.0]
    assert found[SMALL.name].times_limit == 1.5
    assert found[SMALL.name].speedup == 5.0
    assert found[SMALL.name].speedups == {}
    assert set(found[OURS.name].speedups) == {LITERT.name, PEER}
    assert found[LITERT.name].speedups[name_of("numba", "float32")]["median"] == 100 / 120
