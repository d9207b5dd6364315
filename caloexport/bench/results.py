"""Results: what the bench found, as JSON of the schema ``caloexport.bench/1``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from caloexport.bench.bandwidth import Bandwidth
from caloexport.bench.orders import Cache, name_of
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.fields import blame_file, listing, mapping, number, text
from caloexport.runtime.files import existing_file

SCHEMA = "caloexport.bench/1"
#: whom everybody is compared with
PEER = name_of("onnxruntime-binding", "float32")


@dataclass(frozen=True)
class Result:
    """One row: a backend on a workload, in one batch size and cache state.

    docs/bench.md says what each field is; those with a default came later than the first files.
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
    times_limit: float | None
    speedup: float | None
    shower_speedup: float | None
    network_p90_us: float | None = None
    weight_bytes: int | None = None
    limit_valid: bool | None = None
    limit_note: str | None = None
    times_limit_p10: float | None = None
    times_limit_p90: float | None = None
    speedup_p10: float | None = None
    speedup_p90: float | None = None
    shower_speedup_p10: float | None = None
    shower_speedup_p90: float | None = None
    speedups: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    overhead_us: float | None = None
    overhead_p10_us: float | None = None
    overhead_p90_us: float | None = None
    private_mb: float | None = None
    shared_mb: float | None = None
    pss_mb: float | None = None
    process_mb: float | None = None
    energy_uj: float | None = None

    @property
    def name(self) -> str:
        """Who was measured."""
        return name_of(self.backend, self.precision)

    @property
    def key(self) -> tuple[str, str, str, int, str]:
        """What makes two rows comparable."""
        return self.workload, self.backend, self.precision, self.batch, self.cache


#: keys of every file of this schema; the others came later
FIRST_KEYS = {
    one.name for one in fields(Result) if one.default is MISSING and one.default_factory is MISSING
}


@dataclass(frozen=True)
class Results:
    """Everything one run of the bench found."""

    machine: Mapping[str, Any]
    rows: tuple[Result, ...]
    bandwidth: tuple[Bandwidth, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the object of the schema."""
        rows = [rounded(asdict(row)) for row in self.rows]
        points = [rounded(asdict(point)) for point in self.bandwidth]
        return {
            "schema": SCHEMA, "machine": dict(self.machine), "results": rows, "bandwidth": points,
        }  # fmt: skip


def rounded(value: Any) -> Any:
    """Return the value with three digits behind the point in all of its numbers.

    >>> rounded({"a": {"b": 1.23456}, "c": "d"})
    {'a': {'b': 1.235}, 'c': 'd'}
    """
    if isinstance(value, Mapping):
        return {key: rounded(one) for key, one in value.items()}
    return round(value, 3) if isinstance(value, float) else value


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
    with blame_file(where):
        points = tuple(Bandwidth(**point) for point in data.get("bandwidth", ()))
    return Results(mapping(data, "machine", where), rows, points)


def _read_row(row: Any, where: str) -> Result:
    if not isinstance(row, dict) or not row.keys() >= FIRST_KEYS:
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
    known = {key: row[key] for key in Result.__dataclass_fields__ if key in row}
    mapping(known, "speedups", where) if "speedups" in known else None
    return Result(**known)
