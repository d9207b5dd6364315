"""The curves of a training as a picture in its run folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caloexport.report.figures.save import save_figure
from caloexport.report.figures.style import COLOURS, GREY, INK, SETTINGS
from caloexport.runtime.errors import OutputFileError
from caloexport.runtime.extras import installed
from caloexport.training.curves.panels import BEST, HELD_BACK, Panel, colours, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAMES = ("curves.svg", "curves.png")
#: more than four curves need more colours (Okabe and Ito)
PALETTE = (*COLOURS, "#E69F00", "#56B4E9", INK)
#: what the picture says beside the titles of panels
UNITS = {"score": "score", "worst deviations": "|generated / true - 1|, L1 of profiles"}


def write_curves(history: Sequence[Mapping[str, Any]], folder: Path) -> str:
    """Draw the curves into a run folder.

    Args:
        history: rows of the training.
        folder: of the run.

    Returns:
        One line: where the picture is, or why there is none.
    """
    drawn = panels(history)
    if not drawn:
        return "no curves: the training was not scored yet"
    if not installed("matplotlib"):
        return (
            "no picture of the curves: matplotlib is not installed (pip install 'caloexport[plot]')"
        )
    figure = _draw(drawn)
    try:
        for name in NAMES:
            save_figure(figure, folder / name)
    except OutputFileError as error:  # the training is worth more than its picture
        return f"no picture of the curves: {error}"
    return f"curves: {folder / NAMES[0]}, {NAMES[1]}"


def _draw(drawn: Sequence[Panel]) -> Figure:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    rows, columns = -(-len(drawn) // 2), min(len(drawn), 2)
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(5.6 * columns, 3.4 * rows), layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False).flat
        for panel, place in zip(drawn, axes, strict=False):
            _draw_panel(panel, place)
        for place in list(axes)[len(drawn) :]:
            place.set_axis_off()
    return figure


def _draw_panel(panel: Panel, axes: Axes) -> None:
    from matplotlib.ticker import LogLocator, NullFormatter

    told = False
    for number, curve in zip(colours(panel.curves), panel.curves, strict=True):
        colour = PALETTE[number % len(PALETTE)]
        label = None if curve.name == HELD_BACK and told else curve.name
        told |= curve.name == HELD_BACK
        style, marker = ("--" if curve.dashed else "-"), ("." if len(curve.values) < 30 else None)
        axes.plot(
            curve.updates, curve.values, style, color=colour, label=label, marker=marker,
            drawstyle="steps-post" if curve.name == BEST else "default",
            linewidth=1.2 if curve.dashed else 1.6, alpha=0.7 if curve.dashed else 1.0,
        )  # fmt: skip
    if panel.logarithmic:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_ylim(*panel.limits)
    axes.set_title(panel.title, loc="left", fontsize=11)
    axes.set_xlabel("updates")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_ylabel(UNITS.get(panel.title, ""))
    axes.grid(color=GREY, alpha=0.25, linewidth=0.6)
    axes.legend(fontsize=9)
