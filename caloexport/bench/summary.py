"""From the turns of a backend to its row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from caloexport.bench.agreement import family_of
from caloexport.bench.bandwidth import limit_rounds
from caloexport.bench.budget import within_budget
from caloexport.bench.orders import Cache, Reading, Startup, Turn
from caloexport.bench.participants import Participant
from caloexport.bench.results import PEER, Result
from caloexport.bench.statistics import Figures, Ratios, Round, figures, ratios

#: workload, backend, precision, batch and cache
Place = tuple[str, str, str, int, Cache]
#: who, batch, cache -> one turn per round
Turns = dict[tuple[str, int, Cache], list[Turn]]
#: cache -> what the probe read, per round
Readings = dict[Cache, list[list[Reading]]]


@dataclass(frozen=True)
class Rivals:
    """What a row is compared with, in the same rounds.

    Attributes:
        limit: µs of reading the weights once.
        weight_bytes: how many bytes that is.
        peer: turns of ONNX Runtime in float32.
        equals: turns of the others that compute in the same family of precisions, by name.
    """

    limit: Sequence[Round] | None = None
    weight_bytes: int | None = None
    peer: Sequence[Turn] | None = None
    equals: Mapping[str, Sequence[Turn]] = field(default_factory=dict)


@dataclass(frozen=True)
class Recorded:
    """What the rounds of one workload gave.

    Attributes:
        turns: of each participant.
        startups: of each, by name.
        readings: of the bandwidth probe.
        sizes: bytes of the weights of each.
    """

    turns: Turns
    startups: Mapping[str, Startup]
    readings: Readings
    sizes: Mapping[str, int | None]


def summarise(
    name: str,
    places: Sequence[tuple[int, Cache]],
    backends: Sequence[Participant],
    recorded: Recorded,
    *,
    budget_ms: float | None,
) -> list[Result]:
    """Return one row per batch, cache and backend.

    Args:
        name: of the workload.
        places: batches and cache states.
        backends: who took part.
        recorded: in the rounds.
        budget_ms: allowed at the 99th percentile, if any.
    """
    return [
        make_result(
            (name, one.backend, one.precision, batch, cache),
            recorded.turns[one.name, batch, cache],
            recorded.startups[one.name],
            rivals_of(one, backends, recorded, batch, cache),
            budget_ms=budget_ms,
        )
        for batch, cache in places
        for one in backends
    ]


def rivals_of(
    one: Participant, backends: Sequence[Participant], recorded: Recorded, batch: int, cache: Cache
) -> Rivals:
    """Return what a participant is compared with."""
    size, turns = recorded.sizes[one.name], recorded.turns
    limit = None
    if batch == 1 and size is not None:  # the limit of a batch is arithmetic
        limit = limit_rounds(recorded.readings[cache], size)
    equals = {
        other.name: turns[other.name, batch, cache]
        for other in backends
        if other != one and family_of(other.precision) == family_of(one.precision)
    }
    return Rivals(limit, size, turns.get((PEER, batch, cache)), equals)


def make_result(
    place: Place,
    turns: Sequence[Turn],
    startup: Startup,
    rivals: Rivals = Rivals(),
    *,
    budget_ms: float | None = None,
) -> Result:
    """Summarise the turns of one backend.

    Args:
        place: what was measured.
        turns: one per round.
        startup: of its process.
        rivals: turns of others in the same rounds.
        budget_ms: allowed at the 99th percentile, if any.
    """
    showers, networks = [turn.shower for turn in turns], [turn.network for turn in turns]
    shower, network = figures(showers) if any(showers) else None, figures(networks)
    within = None
    if budget_ms is not None and shower is not None:
        within = within_budget(shower, budget_ms)
    found: dict[str, Any] = {
        **shower_fields(shower, network),
        **limit_fields(networks, rivals),
        **speed_fields(turns, rivals),
        **overhead_fields(turns),
        **asdict(startup),
        "within_budget": within,
        "network_median_us": network.median,
        "network_p10_us": network.p10,
        "network_p90_us": network.p90,
        "energy_uj": energy_of(turns),
    }
    return Result(*place, **found)


def shower_fields(shower: Figures | None, network: Figures) -> dict[str, Any]:
    """Return the fields of the whole path; a peer has only calls."""
    if shower is None:
        nothing = dict.fromkeys(("median_us", "p10_us", "p90_us", "p99_us"))
        return {"calls": network.calls, **nothing}
    return {
        "calls": shower.calls,
        "median_us": shower.median,
        "p10_us": shower.p10,
        "p90_us": shower.p90,
        "p99_us": shower.p99,
    }


def limit_fields(networks: Sequence[Round], rivals: Rivals) -> dict[str, Any]:
    """Return the fields about the bandwidth limit."""
    measured = None if rivals.limit is None else ratios(networks, rivals.limit)
    return {
        "weight_bytes": rivals.weight_bytes,
        "limit_us": None if rivals.limit is None else figures(rivals.limit).median,
        "limit_valid": None if rivals.limit is None else True,
        **spread("times_limit", measured),
    }


def speed_fields(turns: Sequence[Turn], rivals: Rivals) -> dict[str, Any]:
    """Return how much faster the row is than others."""
    networks, showers = [turn.network for turn in turns], [turn.shower for turn in turns]
    network = shower = None
    if rivals.peer is not None:
        network = ratios([turn.network for turn in rivals.peer], networks)
        theirs = [turn.shower for turn in rivals.peer]
        if all(showers) and all(theirs):
            shower = ratios(theirs, showers)
    versus = {
        name: asdict(ratios([turn.network for turn in others], networks))
        for name, others in rivals.equals.items()
    }
    return {
        **spread("speedup", network),
        **spread("shower_speedup", shower),
        "speedups": versus,
    }


def overhead_fields(turns: Sequence[Turn]) -> dict[str, float | None]:
    """Return what the whole path takes outside of compiled kernels."""
    samples = [turn.overhead for turn in turns if turn.overhead]
    found = figures(samples) if samples else None
    return {
        "overhead_us": None if found is None else found.median,
        "overhead_p10_us": None if found is None else found.p10,
        "overhead_p90_us": None if found is None else found.p90,
    }


def energy_of(turns: Sequence[Turn]) -> float | None:
    """Return the median energy over the rounds that tell one."""
    told = [(turn.energy_uj,) for turn in turns if turn.energy_uj is not None]
    return figures(told).median if told else None


def spread(name: str, found: Ratios | None) -> dict[str, float | None]:
    """Return median and percentiles of a ratio under the names of its fields."""
    return {
        name: None if found is None else found.median,
        f"{name}_p10": None if found is None else found.p10,
        f"{name}_p90": None if found is None else found.p90,
    }
