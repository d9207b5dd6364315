"""The tables of speed, from one recorded run of the bench: the README's, and the page of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
Rows = Mapping[tuple[int, str], Row]

HEADINGS = (
    "network", "engine", "shower, hot", "shower, cold", "network, hot", "× limit", "× ORT",
    "network, cold", "× limit", "× ORT", "batch 256", "memory, MB",
)  # fmt: skip
NONE = "–"
#: ours and the peers that come closest; the others stand on the page alone
CLOSEST = ("numba", "litert", "onnxruntime-binding")


def speed_table(measured: Mapping[str, Any], engines: Sequence[str] | None = None) -> list[str]:
    """Return the lines of the table, with the machine that it was measured on.

    Args:
        measured: an object of the schema ``caloexport.bench/1``.
        engines: that have a line; None takes all.
    """
    lines = [caption(measured["machine"]), ""]
    lines += [f"| {' | '.join(HEADINGS)} |", f"| {' | '.join('---' for _ in HEADINGS)} |"]
    found: dict[tuple[str, str, str], dict[tuple[int, str], Row]] = {}
    for row in measured["results"]:
        if engines is not None and row["backend"] not in engines:
            continue
        engine = (row["workload"], row["backend"], row["precision"])
        found.setdefault(engine, {})[row["batch"], row["cache"]] = row
    lines += [
        f"| {workload} | {backend} {precision} | {' | '.join(figures(rows))} |"
        for (workload, backend, precision), rows in found.items()
    ]
    return lines


def caption(machine: Mapping[str, Any]) -> str:
    """Return what the table is, in words."""
    return (
        f"Microseconds per shower on one core of {machine['cpu']}, medians. *Shower* is conditions "
        "in, MeV out (in brackets the 99th percentile); *network* the decoder alone, which is all "
        "that peers execute; *limit* the time to read its weights once at the bandwidth measured "
        "in the same rounds; *× ORT* how many times faster than ONNX Runtime in float32 with "
        "io-binding; *batch 256* the network, per shower; *memory* private + shared, above the "
        "imported libraries. From [docs/bench.json](docs/bench.json), measured on a virtual "
        "machine with neighbours: ratios are medians of ratios within a round, absolute times mean "
        "little. [What is measured, and how](docs/bench.md)."
    )


def figures(rows: Rows) -> list[str]:
    """Return the cells of one engine on one network."""
    hot, cold, many = (
        rows.get((1, "hot"), {}),
        rows.get((1, "cold"), {}),
        rows.get((256, "hot"), {}),
    )
    return [
        whole(hot), whole(cold), *alone(hot), *alone(cold), number(many.get("network_median_us")),
        memory(hot or cold or many),
    ]  # fmt: skip


def whole(row: Row) -> str:
    """Return median and 99th percentile of the whole path."""
    if row.get("median_us") is None:
        return NONE
    return f"{number(row['median_us'])} ({number(row['p99_us'])})"


def alone(row: Row) -> list[str]:
    """Return the network's time and its two ratios."""
    ratios = (row.get("times_limit"), row.get("speedup"))
    texts = [NONE if ratio is None else f"{ratio:.2f}" for ratio in ratios]
    return [number(row.get("network_median_us")), *texts]


def memory(row: Row) -> str:
    """Return private and shared memory; of older files, the whole."""
    if row.get("private_mb") is None or row.get("shared_mb") is None:
        return number(row.get("rss_mb"))
    return f"{number(row['private_mb'])} + {number(row['shared_mb'])}"


def number(value: float | None) -> str:
    """Return three digits.

    >>> number(1234.5), number(34.56), number(5.678), number(None)
    ('1234', '34.6', '5.68', '–')
    """
    if value is None:
        return NONE
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
