"""A comparison of adaptations as pictures: distances over updates."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.report.figures.save import save_figure
from caloexport.report.figures.style import COLOURS, GREY, SAMPLES, SETTINGS
from caloexport.runtime.units import format_energy
from caloexport.training.adapt.courses import Course
from caloexport.training.adapt.place import Distances
from caloexport.training.adapt.reached import DISTANCES
from caloexport.validation.estimate import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUFFIXES = (".svg", ".png")
#: where 0 updates are drawn on a logarithmic axis
BEFORE_ALL = 5
#: characters of the caption for each inch of the picture's width
PER_INCH = 16
ARMS = (COLOURS[0], *(colour for colour, _ in SAMPLES))


@dataclass(frozen=True)
class Column:
    """What is drawn in one column.

    Attributes:
        title: of its panels.
        label: of its axis.
        take: the number of a place.
        levels: values that are marked.
        best: value of full simulation, if the axis is linear; None where it is logarithmic.
    """

    title: str
    label: str
    take: Callable[[Distances], Estimate]
    levels: Sequence[float] = ()
    best: float | None = None


def write_pictures(courses: Sequence[Course], published: str, folder: Path) -> None:
    """Draw ``comparison``, of longitudinal profiles and FPD, and pictures of the other numbers.

    A row for each number of showers. Lines are means over seeds, bands their range; dotted what
    alike samples differ by.

    Args:
        courses: to draw.
        published: text below the first picture.
        folder: for them.

    Raises:
        OutputFileError: they cannot be written.
    """
    first = courses[0].places[0].distances
    energies = list(first.longitudinal)
    main = [_of("longitudinal", "L1 of longitudinal profiles", e, DISTANCES) for e in energies]
    if first.fpd is not None:
        main.append(Column("all energies", "FPD", lambda found: _there(found.fpd)))
    lateral = [_of("lateral", "L1 of lateral profiles", energy) for energy in first.lateral]
    response = [
        _of("response", "mean energy / full simulation", e, (0.9, 1.1), best=1.0) for e in energies
    ]
    told = {"": main, "-lateral": lateral, "-response": response}
    for name, columns in told.items():
        if columns:
            figure = _draw(courses, columns, "" if name else f"Published: {published}")
            for suffix in SUFFIXES:
                save_figure(figure, folder / f"comparison{name}{suffix}")


def _of(
    kind: str, label: str, energy_mev: float, levels: Sequence[float] = (),
    best: float | None = None,
) -> Column:  # fmt: skip
    def take(found: Distances) -> Estimate:
        by_energy: Mapping[float, Estimate] = getattr(found, kind)
        return by_energy[energy_mev]

    return Column(format_energy(energy_mev), label, take, levels, best)


def _there(found: Estimate | None) -> Estimate:
    assert found is not None  # as in the first place
    return found


def _draw(courses: Sequence[Course], columns: Sequence[Column], caption: str) -> Figure:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    numbers = sorted({one.showers for one in courses})
    width = 3.6 * len(columns)
    lines = textwrap.wrap(caption, int(width * PER_INCH))
    with mpl.rc_context(SETTINGS):
        size = (width, 2.9 * len(numbers) + 0.17 * len(lines))
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots(len(numbers), len(columns), sharex=True, squeeze=False)
        for row, number in zip(axes, numbers, strict=True):
            own = [one for one in courses if one.showers == number]
            for place, column in zip(row, columns, strict=True):
                _draw_panel(place, own, column)
                place.set_title(f"{column.title}, {number} showers", loc="left", fontsize=10)
                place.set_ylabel(column.label, fontsize=10)
        _share_scales(axes, [column.label for column in columns])
        for place in axes[-1]:
            place.set_xlabel("updates")
        axes[0][0].legend(fontsize=8)
        if lines:
            figure.supxlabel("\n".join(lines), fontsize=8, x=0.01, ha="left")
    return figure


def _share_scales(axes: Any, labels: Sequence[str]) -> None:
    """Let panels of the same numbers have the same scale."""
    first = {label: axes[0][labels.index(label)] for label in labels}
    for row in axes:
        for place, label in zip(row, labels, strict=True):
            if place is not first[label]:
                place.sharey(first[label])
    for place in first.values():
        place.autoscale_view()


def _draw_panel(axes: Axes, courses: Sequence[Course], column: Column) -> None:
    arms = dict.fromkeys(one.arm for one in courses)
    for number, arm in enumerate(arms):
        own = [one for one in courses if one.arm == arm]
        # of trainings that diverged there are fewer places
        places = list(zip(*(one.places for one in own), strict=False))
        updates = [max(same[0].updates, BEFORE_ALL) for same in places]
        values: Any = np.array(
            [[column.take(place.distances).value for place in same] for same in places]
        )
        colour = ARMS[number % len(ARMS)]
        axes.plot(updates, values.mean(axis=1), color=colour, label=arm, linewidth=1.6)
        axes.fill_between(
            updates, values.min(axis=1), values.max(axis=1), color=colour, alpha=0.2, linewidth=0
        )
    floor = column.take(courses[0].places[0].distances).floor
    alike = floor if column.best is None else column.best  # of means a floor would be unseen
    if alike is not None:
        axes.axhline(alike, color=GREY, linestyle=":", linewidth=1.2)
    for level in column.levels:
        axes.axhline(level, color=GREY, alpha=0.35, linewidth=0.8)
    axes.set_xscale("log")
    _label(axes.xaxis)
    axes.xaxis.set_major_formatter(lambda x, place: "0" if x == BEFORE_ALL else f"{x:g}")
    if column.best is None:
        axes.set_yscale("log")
        _label(axes.yaxis)


def _label(axis: Any) -> None:
    """Write plain numbers at a logarithmic axis, few of them."""
    from matplotlib.ticker import LogLocator, NullFormatter

    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter("{x:g}")
    axis.set_minor_formatter(NullFormatter())
