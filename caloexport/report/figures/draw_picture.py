"""Draw a picture of two samples: a grid of panels, each with its lower panel, on a white page.

The reference is a filled shape or a line with its statistical band, the generated sample points with
error bars, so that they can be told apart in grey too. Sizes are in inches, so that letters have one
size on every page.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from caloexport.report.figures.draw_image import draw_image
from caloexport.report.figures.draw_panel import draw_panel, point
from caloexport.report.figures.picture import ImagePanel, Picture
from caloexport.report.figures.style import COLOURS, SETTINGS
from caloexport.runtime.extras import require

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: width of a page and the widest panel
PAGE, WIDEST = 12.6, 4.2
HEADER, IMAGE_ROW, TITLE = 0.62, 2.35, 0.26
#: around a panel: for numbers and labels
LEFT, RIGHT, BOTTOM = 0.72, 0.12, 0.52
#: beside an image, for the bar that explains its colours
BAR = 0.7
#: heights of a panel and of its lower panel, by the width of the column
UPPER, LOWER, GAP = 0.62, 0.26, 0.05
LONGEST_NAME = 70
#: from this width two names stand beside each other; of several models there are more lines of them
WIDE, LINE = 7.0, 0.16
SMALL: dict[Any, Any] = {
    **SETTINGS,
    "font.size": 8.5,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "axes.spines.top": True,
    "axes.spines.right": True,
    "xtick.top": True,
    "ytick.right": True,
}


def draw_picture(picture: Picture, reference: str, *generated: str) -> Figure:
    """Return the figure of a picture.

    Args:
        picture: what it shows.
        reference, generated: names of the samples, for the legend; of several models one each.

    Raises:
        MissingDependency: matplotlib is absent.
    """
    mpl = require("matplotlib", extra="plot")
    columns = max(3 if isinstance(row, ImagePanel) else len(row) for row in picture.rows)
    column = min(PAGE / columns, WIDEST)
    inner = column - LEFT - RIGHT
    heights = [
        IMAGE_ROW
        if isinstance(row, ImagePanel)
        else TITLE + (UPPER + LOWER) * column + GAP + BOTTOM
        for row in picture.rows
    ]
    width = column * columns
    legend = 2 if width > WIDE else 1  # columns
    header = HEADER + LINE * max(0, math.ceil((1 + len(generated)) / legend) - 3 + legend)
    height = header + sum(heights)
    with mpl.rc_context(SMALL):
        figure = require("matplotlib.figure", extra="plot").Figure(figsize=(width, height))

        def axes_at(x: float, top: float, w: float, h: float) -> Any:
            """Return axes whose upper left corner is at x and ``top`` inches from the top."""
            return figure.add_axes((x / width, 1 - (top + h) / height, w / width, h / height))

        _header(figure, picture, reference, generated, legend)
        top = header
        for row, used in zip(picture.rows, heights, strict=True):
            if isinstance(row, ImagePanel):
                size = IMAGE_ROW - TITLE - BOTTOM
                wide = inner - BAR
                parts = [axes_at(LEFT + k * column, top + TITLE, wide, size) for k in range(3)]
                draw_image(parts, row)
            else:
                for k, panel in enumerate(row):
                    upper = axes_at(LEFT + k * column, top + TITLE, inner, UPPER * column)
                    below = top + TITLE + UPPER * column + GAP
                    lower = axes_at(LEFT + k * column, below, inner, LOWER * column)
                    draw_panel(upper, lower, panel)
            top += used
    return figure


def _header(
    figure: Any, picture: Picture, reference: str, generated: tuple[str, ...], columns: int
) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    width, height = figure.get_size_inches()
    figure.text(
        0.15 / width, 1 - 0.12 / height, picture.heading, va="top", fontsize=12, fontweight="bold"
    )
    usual = COLOURS[0]
    binned = any(
        one.binned for row in picture.rows if not isinstance(row, ImagePanel) for one in row
    )
    handles = [
        Patch(facecolor=usual, alpha=0.35, edgecolor=usual)
        if binned
        else Line2D([], [], color=usual, marker="s", markerfacecolor="none", linestyle=""),
        *(Line2D([], [], **{**point(k), "markersize": 3.5}) for k in range(len(generated))),
    ]
    images = all(isinstance(row, ImagePanel) for row in picture.rows)
    if images:  # nothing to tell apart by colour
        handles = [Line2D([], [], linestyle="") for _ in handles]
    labels = [
        f"reference: {_short(reference)}",
        *(f"generated: {_short(one)}" for one in generated),
    ]
    wide = columns > 1
    figure.legend(
        handles, labels, loc="upper left", bbox_to_anchor=(0.1 / width, 1 - 0.33 / height),
        ncols=columns, fontsize=8.5 if wide else 7.0, labelspacing=0.1, borderaxespad=0,
        handlelength=0.0 if images else None, handletextpad=0.0 if images else None,
    )  # fmt: skip


def _short(name: str) -> str:
    """Return the end of a long path; bytes of a name that are no letters become question marks.

    >>> _short("a" * 80 + "/showers.h5")[-11:]
    '/showers.h5'
    """
    name = name.encode("utf-8", errors="replace").decode()
    return name if len(name) <= LONGEST_NAME else f"…{name[1 - LONGEST_NAME :]}"
