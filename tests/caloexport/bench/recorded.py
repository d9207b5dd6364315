"""Turns as a run records them."""

from __future__ import annotations

from caloexport.bench.orders import Cache, Startup, Turn
from caloexport.bench.results import Result, Results, make_result

STARTUP = Startup(import_s=0.5, first_shower_s=0.1, rss_mb=17.0)
MACHINE = {"cpu": "a processor", "cores": 2}


def turn(shower: list[float], network: list[float] | None = None) -> Turn:
    return Turn(tuple(shower), tuple(network or shower))


def peer_result(network: list[float], *, backend: str = "litert") -> Result:
    place: tuple[str, str, str, int, Cache] = ("W1", backend, "float32", 1, "hot")
    turns = [turn([], network)]
    return make_result(place, turns, STARTUP, limit=None, peer=None, budget_ms=1.0)


def result(
    shower: list[float], *, backend: str = "numba", batch: int = 1, budget_ms: float | None = None
) -> Result:
    place: tuple[str, str, str, int, Cache] = ("W1", backend, "float32", batch, "hot")
    return make_result(place, [turn(shower)], STARTUP, limit=None, peer=None, budget_ms=budget_ms)


def results(*rows: Result) -> Results:
    return Results(MACHINE, rows)
