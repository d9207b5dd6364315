"""Results: what the bench found, as JSON of the schema ``caloexport.bench/1``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from caloexport.bench.orders import Cache, Startup, Turn, name_of
from caloexport.bench.statistics import figures, ratio
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.fields import listing, mapping, number, text
from caloexport.runtime.files import existing_file

SCHEMA = "caloexport.bench/1"
#: whom everybody is compared with
PEER = name_of("onnxruntime-binding", "float32")
#: a backend that takes less than this share of the limit contradicts the probe
CREDIBLE = 0.97


@dataclass(frozen=True)
class Result:
    """One row: a backend on a workload, in one batch size and cache state.

    Attributes:
        calls: that were counted.
        median_us, p10_us, p90_us, p99_us: of the whole path, conditions in to MeV out, per
            shower; None for a peer, which executes the network alone.
        network_median_us, network_p10_us, network_p90_us: of the network alone, per shower.
        limit_us: time to read the weights once at the bandwidth measured in the same rounds;
            None for batches, where arithmetic limits.
        times_limit: median ratio of the network's time to the limit.
        speedup: median ratio of ONNX Runtime's network time to this one's; above 1 is faster.
        shower_speedup: the same for the whole path, where ONNX Runtime has one.
        rss_mb, import_s, first_shower_s: see ``orders.Startup``.
        within_budget: p99 within the budget; None when no budget was given.
    """

    workload: str
    backend: str
    precision: str
    batch: int
    cache: Cache
    calls: int
    median_us: float | None
    p10_us: float | None
    p90_us: float | None
    p99_us: float | None
    limit_us: float | None
    rss_mb: float
    import_s: float
    first_shower_s: float
    within_budget: bool | None
    network_median_us: float
    network_p10_us: float
    network_p90_us: float
    times_limit: float | None
    speedup: float | None
    shower_speedup: float | None

    @property
    def key(self) -> tuple[str, str, str, int, str]:
        """What makes two rows comparable."""
        return self.workload, self.backend, self.precision, self.batch, self.cache


def make_result(
    place: tuple[str, str, str, int, Cache],
    turns: Sequence[Turn],
    startup: Startup,
    *,
    limit: Sequence[Turn] | None,
    peer: Sequence[Turn] | None,
    budget_ms: float | None,
) -> Result:
    """Summarise the turns of one backend.

    Args:
        place: workload, backend, precision, batch and cache.
        turns: one per round.
        startup: of its process.
        limit, peer: turns of the probe and of ONNX Runtime in the same rounds, if any.
        budget_ms: allowed at the 99th percentile, if any.
    """
    showers = [turn.shower for turn in turns]
    networks = [turn.network for turn in turns]
    shower, network = figures(showers) if any(showers) else None, figures(networks)
    probes = None if limit is None else [turn.network for turn in limit]
    speedup = shower_speedup = None
    if peer is not None:
        speedup = ratio([turn.network for turn in peer], networks)
        whole = [turn.shower for turn in peer]
        if shower is not None and all(whole):
            shower_speedup = ratio(whole, showers)
    within = None
    if budget_ms is not None and shower is not None:
        within = shower.p99 <= 1000 * budget_ms
    return Result(
        *place,
        calls=(shower or network).calls,
        median_us=None if shower is None else shower.median,
        p10_us=None if shower is None else shower.p10,
        p90_us=None if shower is None else shower.p90,
        p99_us=None if shower is None else shower.p99,
        limit_us=None if probes is None else figures(probes).median,
        rss_mb=startup.rss_mb,
        import_s=startup.import_s,
        first_shower_s=startup.first_shower_s,
        within_budget=within,
        network_median_us=network.median,
        network_p10_us=network.p10,
        network_p90_us=network.p90,
        times_limit=None if probes is None else ratio(networks, probes),
        speedup=speedup,
        shower_speedup=shower_speedup,
    )


@dataclass(frozen=True)
class Results:
    """Everything one run of the bench found."""

    machine: Mapping[str, Any]
    rows: tuple[Result, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the object of the schema."""
        rows = [
            {key: round(v, 3) if isinstance(v, float) else v for key, v in asdict(row).items()}
            for row in self.rows
        ]
        return {"schema": SCHEMA, "machine": dict(self.machine), "results": rows}


def read_results(path: Path) -> Results:
    """Read what ``caloexport bench --json`` printed.

    Raises:
        InputFileError: missing, not JSON, another schema, or rows of another form.
    """
    where = str(existing_file(path, "result of caloexport bench --json"))
    try:
        data = json.loads(Path(path).read_bytes())
    except (ValueError, RecursionError) as error:
        message = f"is not JSON: {error}"
        raise InputFileError(message, where=where) from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        message = f"is not a result of the bench ('{SCHEMA}')"
        raise InputFileError(message, where=where, hint="write one: caloexport bench --json > FILE")
    rows = tuple(_read_row(row, where) for row in listing(data, "results", where))
    return Results(mapping(data, "machine", where), rows)


def _read_row(row: Any, where: str) -> Result:
    if not isinstance(row, dict) or not row.keys() >= Result.__dataclass_fields__.keys():
        message = "has a row that lacks some of its keys"
        raise InputFileError(message, where=where, hint="written by another version?")
    for key in ("workload", "backend", "precision", "cache"):
        text(row, key, where)
    spans = ("median_us", "p10_us", "p90_us", "p99_us")
    alone = all(row[key] is None for key in spans)
    for key in ("network_median_us", *(() if alone else spans)):
        if number(row, key, where) <= 0:
            message = f"has a row with {key} = {row[key]}"
            raise InputFileError(message, where=where)
    return Result(**{key: row[key] for key in Result.__dataclass_fields__})
