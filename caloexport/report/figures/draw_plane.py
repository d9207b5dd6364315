"""Draw generators in the plane of a number and the time for a shower; a key tells their names."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from caloexport.report.figures.draw_panel import decade, plain
from caloexport.report.figures.speed_plane import TIME_LABEL, PlanePoint, SpeedPlane, inside
from caloexport.report.figures.style import COLOURS, GREY, INK, SETTINGS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE = (9.0, 5.4)
MARK, STAR = 165, 260
FLOOR = COLOURS[2]


def draw_plane(plane: SpeedPlane) -> Figure:
    """Return the drawn plane."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=SIZE)
        axes = figure.add_axes((0.09, 0.19, 0.57, 0.72))
        _axes(axes, plane)
        _floor(axes, plane)
        for number, point in enumerate(plane.published, 1):
            _published(axes, plane, number, point)
        for point in plane.ours:
            _ours(axes, plane, point)
        _key(figure, plane)
    return figure


def _axes(axes: Axes, plane: SpeedPlane) -> None:
    x, y = plane.limits
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(decade)
    axes.yaxis.set_major_formatter(plain)
    if plane.log_y:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(decade)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_formatter(lambda *_: "")
    axes.set_xlim(*x)
    axes.set_ylim(*y)
    axes.set_xlabel(TIME_LABEL)
    axes.set_ylabel(plane.y_label)
    axes.set_title(plane.title, loc="left", fontsize=11, fontweight="bold")


def _floor(axes: Axes, plane: SpeedPlane) -> None:
    if plane.geant4 is None:
        return
    value, error = plane.geant4.value, plane.geant4.error or 0.0
    low, high = (inside(one, plane.limits[1]) for one in (value - error, value + error))
    axes.axhspan(low, high, color=FLOOR, alpha=0.3, linewidth=0)
    axes.axhline(inside(value, plane.limits[1]), color=FLOOR, linewidth=0.9)


def _published(axes: Axes, plane: SpeedPlane, number: int, point: PlanePoint) -> None:
    assert point.cpu_ms is not None
    place = point.cpu_ms, inside(point.value, plane.limits[1])
    look: dict[str, Any] = {"facecolor": "white", "edgecolor": COLOURS[0], "linewidth": 1.1}
    axes.scatter(*place, s=MARK, zorder=3, **look)
    axes.text(*place, f"{number}", ha="center", va="center_baseline", fontsize=7.5, zorder=4)


def _ours(axes: Axes, plane: SpeedPlane, point: PlanePoint) -> None:
    value = inside(point.value, plane.limits[1])
    if point.cpu_ms is None:
        axes.axhline(value, color=COLOURS[1], linestyle="--", linewidth=1.3, zorder=2)
        return
    error = 0.0 if point.error is None else point.error
    ends = [abs(inside(point.value + sign * error, plane.limits[1]) - value) for sign in (-1, 1)]
    axes.errorbar(point.cpu_ms, value, [[ends[0]], [ends[1]]], color=COLOURS[1], zorder=5)
    axes.scatter(point.cpu_ms, value, s=STAR, marker="*", color=COLOURS[1], zorder=6)


def _key(figure: Figure, plane: SpeedPlane) -> None:
    marks = {True: "╍", False: "★"}
    lines = [(f"{marks[one.cpu_ms is None]} {one.name}", COLOURS[1]) for one in plane.ours]
    lines += [(f"━ {plane.geant4.name}", FLOOR)] if plane.geant4 else []
    for number, one in enumerate(plane.published, 1):
        lines.append((f"{number} {one.name}, {one.family}", INK))
    for row, (text, colour) in enumerate(lines):
        short = textwrap.shorten(text, 44, placeholder=" …")
        figure.text(0.685, 0.905 - 0.037 * row, short, color=colour, fontsize=8, va="top")
    notes = textwrap.fill(" ".join(plane.notes), 150)
    figure.text(0.09, 0.01, notes, color=GREY, fontsize=7, va="bottom")
