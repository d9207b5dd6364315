"""A comparison of adaptations as a picture: distance over updates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.report.figures.save import save_figure
from caloexport.report.figures.style import COLOURS, GREY, SETTINGS
from caloexport.runtime.units import format_energy
from caloexport.training.adapt.compare import DISTANCES, Course

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAMES = ("comparison.svg", "comparison.png")
#: where 0 updates are drawn on a logarithmic axis
BEFORE_ALL = 5


def write_picture(courses: Sequence[Course], folder: Path) -> None:
    """Draw a row for each number of showers, a column for each energy.

    Lines are means over seeds, bands their range; dotted what alike samples differ by.

    Raises:
        OutputFileError: it cannot be written.
    """
    figure = _draw(courses)
    for name in NAMES:
        save_figure(figure, folder / name)


def _draw(courses: Sequence[Course]) -> Figure:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    numbers = sorted({one.showers for one in courses})
    energies = list(courses[0].places[0].distances)
    with mpl.rc_context(SETTINGS):
        size = (3.6 * len(energies), 2.9 * len(numbers))
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots(len(numbers), len(energies), sharex=True, sharey=True, squeeze=False)
        for row, number in zip(axes, numbers, strict=True):
            own = [one for one in courses if one.showers == number]
            for place, energy in zip(row, energies, strict=True):
                _draw_panel(place, own, energy)
                place.set_title(
                    f"{format_energy(energy)}, {number} showers", loc="left", fontsize=10
                )
        for place in axes[-1]:
            place.set_xlabel("updates")
        for row in axes:
            row[0].set_ylabel("L1 distance of profiles")
        axes[0][0].legend(fontsize=8)
    return figure


def _draw_panel(axes: Axes, courses: Sequence[Course], energy: float) -> None:
    for colour, arm in zip(COLOURS, dict.fromkeys(one.arm for one in courses), strict=False):
        own = [one for one in courses if one.arm == arm]
        updates = [max(place.updates, BEFORE_ALL) for place in own[0].places]
        values: Any = np.array(
            [[place.distances[energy].value for place in one.places] for one in own]
        )
        axes.plot(updates, values.mean(axis=0), color=colour, label=arm, linewidth=1.6)
        axes.fill_between(
            updates, values.min(axis=0), values.max(axis=0), color=colour, alpha=0.2, linewidth=0
        )
    floor = courses[0].places[-1].distances[energy].floor
    if floor is not None:
        axes.axhline(floor, color=GREY, linestyle=":", linewidth=1.2)
    for distance in DISTANCES:
        axes.axhline(distance, color=GREY, alpha=0.35, linewidth=0.8)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_major_formatter("{x:g}")
