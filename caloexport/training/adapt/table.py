"""A comparison of adaptations as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from caloexport.training.adapt.compare import DISTANCES, Course, reached


def comparison_table(courses: Sequence[Course]) -> Any:
    """Return updates, and seconds, until the profile is so close at every energy, over seeds."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("showers", "start", *(f"within {d:g}" for d in DISTANCES), "at the end"):
        table.add_column(heading, justify="right" if heading == "showers" else "left")
    last = None
    for arm, number in dict.fromkeys((one.arm, one.showers) for one in courses):
        own = [one for one in courses if (one.arm, one.showers) == (arm, number)]
        ends = [one.places[-1].farthest for one in own]
        cells = [str(reached(courses, arm, number, distance)) for distance in DISTANCES]
        head = "" if number == last else str(number)
        end = f"{min(ends):.3f} to {max(ends):.3f} after {own[0].places[-1].updates}"
        table.add_row(head, arm, *cells, end)
        last = number
    floors = [d.floor for one in courses[:1] for d in one.places[-1].distances.values() if d.floor]
    table.caption = (
        "updates ± standard deviation over seeds (and seconds of updates, on this machine) until the "
        "L1 distance of the normalised mean longitudinal profile is within a number at every energy; "
        f"alike samples of these sizes are {max(floors, default=0):.3f} apart"
    )
    table.caption_justify = "left"
    return table
