"""A comparison of adaptations as tables, for a terminal or a page of documentation."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from caloexport.report.markdown_table import markdown_table

if TYPE_CHECKING:
    from rich.table import Table

#: as ``write_outcome`` writes it, or read back
Told = Mapping[str, Any]

NONE = "–"


def comparison_tables(told: Told) -> list[Table]:
    """Draw when distances were reached and what is left at the end, and how many times sooner.

    Args:
        told: ``comparison.json`` or ``comparison-summary.json``.
    """
    return [_reached_table(told), _ratio_table(told)]


def comparison_markdown(told: Told) -> str:
    """Write the tables, what they were made on, and the published figures, as Markdown."""
    machine = told["machine"]
    seeds = len({one["seed"] for one in told["courses"]})
    made = (
        f"{_number(seeds, 'seed')} of each; {machine['processor']}, "
        f"{_number(machine['threads'], 'thread')} of TensorFlow."
    )
    tables = map(markdown_table, comparison_tables(told))
    return "\n\n".join((*tables, made, f"Published: {told['published']}."))


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", caption=f"{caption}.")
    table.caption_justify = "left"
    for heading in headings:
        table.add_column(heading, justify="right" if heading == "showers" else "left")
    for row in rows:
        table.add_row(*row)
    return table


def _number(value: int, of: str) -> str:
    """Write a number of things.

    >>> _number(1, "seed"), _number(3, "seed")
    ('1 seed', '3 seeds')
    """
    return f"{value} {of}" if value == 1 else f"{value} {of}s"


def _reached_table(told: Told) -> Table:
    distances = _distances(told)
    within = [f"within {distance:g}" for distance in distances]
    rows = []
    for arm, showers in _pairs(told):
        own = [one for one in told["courses"] if (one["arm"], one["showers"]) == (arm, showers)]
        cells = [_when(_entry(told, arm, showers, distance)) for distance in distances]
        rows.append([str(showers), arm, *cells, _end(own, told["updates"]), _fpd(own)])
    fpd = told["test"]["fpd"]
    floor = "" if fpd is None else f" (floor {fpd['floor']:.2g} ± {fpd['floor_error']:.1g})"
    end = f"L1 after {told['updates']}"
    return _table(["showers", "start", *within, end, f"FPD{floor}"], rows, _caption(told))


def _ratio_table(told: Told) -> Table:
    distances = _distances(told)
    headings = ["showers", "start", *(f"within {distance:g}" for distance in distances)]
    rows = [
        [str(n), arm, *(_times(_entry(told, arm, n, d)["from_scratch_needs"]) for d in distances)]
        for arm, n in _pairs(told)
        if "from_scratch_needs" in _entry(told, arm, n, distances[0])
    ]
    caption = (
        "How many times more updates a training from fresh weights needs, mean of the seeds' ratios "
        "± standard deviation over seeds; a training is looked at ever more rarely, so that each "
        "number of updates is up to a third too large"
    )
    return _table(headings, rows, caption)


def _caption(told: Told) -> str:
    floors = [
        one["floor"]
        for one in told["courses"][0]["places"][-1]["distances"].values()
        if one["floor"] is not None
    ]
    fpd = told["test"]["fpd"]
    text = (
        "Updates ± standard deviation over seeds (and seconds of updates, on one machine) until the "
        "L1 distance of the normalised mean longitudinal profile is within a number at every energy, "
        f"and this distance and FPD at the end; alike samples are {max(floors, default=0):.3f} apart"
    )
    side_by_side = [n for n in told["machine"]["side_by_side"] if n > 1]
    if side_by_side:
        text += f"; seconds of {max(side_by_side)} trainings side by side"
    if fpd is None:
        return f"{text}; no FPD: {told['test']['without_fpd']}"
    return (
        f"{text}; FPD in the {fpd['n_features']} features '{fpd['features']}' of {fpd['showers']} "
        f"showers, {fpd['energies']}"
    )


def _when(entry: Told) -> str:
    if entry["updates"] is None:
        some = f" ({entry['seeds']} of {entry['of']})" if entry["seeds"] else ""
        return f"not reached{some}"
    spread = entry["updates_spread"]
    text = f"{entry['updates']:.0f}" + ("" if spread is None else f" ± {spread:.0f}")
    return f"{text} ({entry['seconds']:.1f} s)"


def _times(entry: Told) -> str:
    if entry["times"] is not None:
        spread = entry["times_spread"]
        return f"{entry['times']:.1f}" + ("" if spread is None else f" ± {spread:.1f}")
    least = entry["at_least"]
    return entry["why"] if least is None else f"> {least:.0f} ({entry['why']})"


def _end(courses: Sequence[Told], updates: int) -> str:
    """Return the largest distance over energies at the end, and how many trainings diverged."""
    ends = [one["places"][-1] for one in courses]
    text = _over_seeds([max(d["value"] for d in end["distances"].values()) for end in ends], ".3f")
    early = sum(end["updates"] < updates for end in ends)
    return f"{text} ({early} of {len(ends)} diverged)" if early else text


def _fpd(courses: Sequence[Told]) -> str:
    ends = [one["places"][-1]["fpd"] for one in courses]
    if None in ends:
        return NONE
    if len(ends) == 1:
        return f"{ends[0]['value']:.3g} ± {ends[0]['error']:.1g}"
    return _over_seeds([end["value"] for end in ends], ".3g", ".1g")


def _over_seeds(values: Sequence[float], digits: str, of_spread: str = "") -> str:
    text = f"{statistics.fmean(values):{digits}}"
    if len(values) == 1:
        return text
    return f"{text} ± {statistics.stdev(values):{of_spread or digits}}"


def _distances(told: Told) -> list[float]:
    return list(dict.fromkeys(one["distance"] for one in told["reached"]))


def _pairs(told: Told) -> list[tuple[str, int]]:
    return list(dict.fromkeys((one["arm"], one["showers"]) for one in told["reached"]))


def _entry(told: Told, arm: str, showers: int, distance: float) -> Told:
    wanted = (arm, showers, distance)
    return next(
        one for one in told["reached"] if (one["arm"], one["showers"], one["distance"]) == wanted
    )
