"""Turns as a run records them."""

from __future__ import annotations

from caloexport.bench.bandwidth import Bandwidth
from caloexport.bench.orders import Cache, Reading, Startup, Turn
from caloexport.bench.results import Result, Results
from caloexport.bench.summary import Place, Rivals, make_result

STARTUP = Startup(
    import_s=0.5, first_shower_s=0.1, rss_mb=17.0, private_mb=1.0, shared_mb=16.0, pss_mb=9.0,
    process_mb=60.0,
)  # fmt: skip
MACHINE = {"cpu": "a processor", "cores": 2}
POINT = Bandwidth("hot", 1 << 20, 90.0, 85.0, 95.0, 2)


def turn(shower: list[float], network: list[float] | None = None) -> Turn:
    return Turn(tuple(shower), tuple(network or shower))


def reading(size: int, streams: int, *samples: float) -> Reading:
    return Reading(size, streams, samples)


def peer_result(network: list[float], *, backend: str = "litert") -> Result:
    place: Place = ("W1", backend, "float32", 1, "hot")
    return make_result(place, [turn([], network)], STARTUP, budget_ms=1.0)


def result(
    shower: list[float],
    *,
    backend: str = "numba",
    batch: int = 1,
    cache: Cache = "hot",
    limit_us: float | None = None,
    budget_ms: float | None = None,
) -> Result:
    place: Place = ("W1", backend, "float32", batch, cache)
    limit = None if limit_us is None else [(limit_us,)]
    rivals = Rivals(limit, None if limit is None else 16_000_000)
    return make_result(place, [turn(shower)], STARTUP, rivals, budget_ms=budget_ms)


def results(*rows: Result) -> Results:
    return Results(MACHINE, rows, (POINT,))
