"""The bench as a page: bars with their limits, tables of ratios, the bandwidth of the machine."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from caloexport.bench.agreement import family_of
from caloexport.bench.drawing import MB, Bar, bars, curves
from caloexport.bench.results import Result, Results
from caloexport.bench.tables import (
    limit_caption,
    number,
    ratio_text,
    title_of,
    verdict,
    who,
)  # fmt: skip
from caloexport.report.page import Page

#: whose bars stand out
OURS = ("numba",)
TIMES = (
    "backend", "shower, µs", "p10", "p90", "p99", "overhead, µs", "network, µs", "× limit",
    "× ORT float32",
)  # fmt: skip
MEMORY = (
    "workload", "backend", "private, MB", "shared, MB", "whole process, MB", "import, s",
    "first shower, s",
)  # fmt: skip


def make_page(results: Results) -> str:
    """Return the page: per workload, batch and cache state, then the bandwidth."""
    machine = results.machine
    libraries = ", ".join(f"{name} {v}" for name, v in machine.get("libraries", {}).items())
    lead = (
        f"{machine.get('cpu')}, {machine.get('cores')} cores, {machine.get('system')}, "
        f"Python {machine.get('python')}, {libraries}"
    )
    page = Page("caloexport bench", lead)
    for (workload, batch, cache), rows in groupby(results.rows, title_of):
        add_group(page, f"{workload}, batch {batch}, {cache}", list(rows))
    add_memory(page, results.rows)
    if results.bandwidth:
        add_bandwidth(page, results)
    return page.render()


def add_group(page: Page, title: str, rows: Sequence[Result]) -> None:
    """Add bars and tables of one workload, batch and cache state."""
    page.heading(title)
    ordered = sorted(rows, key=lambda row: row.network_median_us)
    limit = limit_caption(rows)
    red = "No bandwidth limit was measured." if limit is None else f"Red: {limit}."
    page.drawing(
        bars([bar_of(row) for row in ordered], f"Time of the network, {title}"),
        f"The network alone: median, and p10 to p90 of all calls, µs per shower. {red}",
    )
    budgeted = any(row.within_budget is not None for row in rows)
    headings = (*TIMES, "budget") if budgeted else TIMES
    page.table(headings, [times_of(row)[: len(headings)] for row in rows])
    ours = [row for row in rows if row.backend in OURS and row.speedups]
    if ours:
        page.paragraph(
            "How many times faster our network is than those of the same family of precisions, "
            "median (p10–p90) over the rounds:"
        )
        page.table(["", *(row.name for row in ours)], ratio_lines(ours))


def times_of(row: Result) -> tuple[object, ...]:
    """Return the cells of a row about time."""
    times = (row.median_us, row.p10_us, row.p90_us, row.p99_us, row.overhead_us)
    return (
        who(row),
        *map(known, times),
        row.network_median_us,
        unbroken(ratio_text(row.times_limit, row.times_limit_p10, row.times_limit_p90)),
        unbroken(ratio_text(row.speedup, row.speedup_p10, row.speedup_p90)),
        verdict(row),
    )


def unbroken(text: str) -> str:
    """Return a text that stays on one line."""
    return text.replace(" ", "\u00a0").replace("–", "\u2060–\u2060")


def known(value: float | None) -> object:
    """Return a number, or a dash."""
    return "–" if value is None else value


def add_memory(page: Page, rows: Sequence[Result]) -> None:
    """Add memory and start-up, which every process has once."""
    page.heading("Memory and start-up")
    once = {(row.workload, row.name): row for row in rows}
    page.table(
        MEMORY,
        [
            (
                row.workload, who(row), known(row.private_mb), known(row.shared_mb),
                known(row.process_mb), row.import_s, row.first_shower_s,
            )
            for row in once.values()
        ],
    )  # fmt: skip
    page.paragraph(
        "Private and shared: added above the imported libraries by opening the model and the first "
        "shower; shared are pages of mapped files, which processes on one machine have once. First "
        "shower: from the end of the imports. Shower: conditions in, MeV out, noise included; "
        "network: its input to its output. Overhead: of a call, all that is not inside of compiled "
        "kernels. Ratios: median (p10–p90) over the rounds."
    )


def ratio_lines(ours: Sequence[Result]) -> list[list[str]]:
    """Return one line per rival of any of our rows, with its ratio to each.

    A rival of another family of precisions has a dash.
    """
    rivals = dict.fromkeys(name for row in ours for name in row.speedups)
    nothing: dict[str, float] = {}
    found = {name: [row.speedups.get(name, nothing) for row in ours] for name in rivals}
    return [
        [name, *(ratio_text(one.get("median"), one.get("p10"), one.get("p90")) for one in ratios)]
        for name, ratios in found.items()
    ]


def add_bandwidth(page: Page, results: Results) -> None:
    """Add the curve of the machine, and where the weights of the rows are on it."""
    page.heading("Memory bandwidth of one core")
    sizes = {(row.workload, family_of(row.precision)): row.weight_bytes for row in results.rows}
    marks = [(" ".join(key), size) for key, size in sizes.items() if size is not None]
    page.drawing(
        curves(results.bandwidth, marks, "Memory bandwidth over the bytes that are read"),
        "Reading so many bytes in one or two streams, whichever was faster: median and p10 to p90 "
        "of the rounds. Hot: the same bytes over and over; cold: after 96 MB of others.",
    )
    page.table(
        ("MB", "caches", "GB/s", "p10", "p90", "streams"),
        [
            (p.bytes / MB, p.cache, p.gb_per_s, p.p10_gb_per_s, p.p90_gb_per_s, p.streams)
            for p in results.bandwidth
        ],
    )


def bar_of(row: Result) -> Bar:
    """Return the bar of a row."""
    times = "" if row.times_limit is None else f" · {row.times_limit:.2f} × limit"
    return Bar(
        who(row),
        row.network_median_us,
        row.network_p10_us,
        row.network_p90_us,
        row.limit_us,
        f"{number(row.network_median_us)} µs{times}",
        row.backend in OURS,
    )
