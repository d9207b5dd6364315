"""The table of the generated decoder beside numba, ONNX Runtime and lwtnn, from a run of the bench."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scripts.speed_table import NONE, number

Row = Mapping[str, Any]
Key = tuple[str, str, str, str]

HEADINGS = (
    "network", "precision", "shower, hot", "shower, cold", "network, hot", "÷ numba",
    "network, cold", "÷ numba", "× ONNX Runtime", "× FastGraph", "× LightweightGraph",
)  # fmt: skip
#: computes in float32 whatever the decoder's precision
OTHERS = ("onnxruntime-binding", "lwtnn-fastgraph", "lwtnn-graph")


def cpp_speed_table(measured: Mapping[str, Any]) -> str:
    """Return the table with its caption.

    Args:
        measured: an object of the schema ``caloexport.bench/1`` with the backends cpp and numba.
    """
    rows = {
        (row["workload"], row["backend"], row["precision"], row["cache"]): row
        for row in measured["results"]
        if row["batch"] == 1
    }
    decoders = dict.fromkeys((key[0], key[2]) for key in rows if key[1] == "cpp")
    lines = [caption(measured["machine"]), ""]
    lines += [f"| {' | '.join(HEADINGS)} |", f"| {' | '.join('---' for _ in HEADINGS)} |"]
    lines += [f"| {' | '.join(_figures(rows, *one))} |" for one in decoders]
    return "\n".join(lines)


def caption(machine: Mapping[str, Any]) -> str:
    """Return what the table is, in words."""
    lwtnn = machine["libraries"].get("lwtnn", "")
    return (
        f"Microseconds per shower on one core of {machine['cpu']}, medians: *shower* is conditions "
        "to MeV with the noise, *network* the network alone. *÷ numba* is the network's time over "
        "that of numba in the same precision; *×* how many times faster than ONNX Runtime with "
        f"io-binding and lwtnn {lwtnn}".rstrip()
        + " in float32 it is, hot. From "
        "[docs/bench-cpp.json](../bench-cpp.json), everybody in turns on a virtual machine with "
        "neighbours: ratios of medians, absolute times mean little."
    )


def _figures(rows: Mapping[Key, Row], workload: str, precision: str) -> list[str]:
    def of(backend: str, name: str, cache: str, column: str = "network_median_us") -> float | None:
        return rows.get((workload, backend, name, cache), {}).get(column)

    hot, cold = (of("cpp", precision, cache) for cache in ("hot", "cold"))
    return [
        workload,
        precision,
        number(of("cpp", precision, "hot", "median_us")),
        number(of("cpp", precision, "cold", "median_us")),
        number(hot),
        _ratio(hot, of("numba", precision, "hot")),
        number(cold),
        _ratio(cold, of("numba", precision, "cold")),
        *(_ratio(of(backend, "float32", "hot"), hot) for backend in OTHERS),
    ]


def _ratio(above: float | None, below: float | None) -> str:
    if above is None or below is None:
        return NONE
    return f"{above / below:.2f}" if above < 10 * below else f"{above / below:.0f}"
