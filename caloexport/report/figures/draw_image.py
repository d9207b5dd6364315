"""Draw a grid of numbers: reference, generated, and their ratio or difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.report.figures.draw_panel import label, plain
from caloexport.report.figures.picture import ImagePanel
from caloexport.report.figures.style import CELL_COLOURS, INK
from caloexport.runtime.arrays import Float64

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: brown and violet: told apart by every kind of colour vision, white where both are alike
SIGNED_COLOURS = "PuOr_r"
REACH = (0.05, 0.1, 0.2, 0.5, 1.0)
#: energies less than this fraction of the brightest cell are drawn alike
DYNAMIC_RANGE = 1e-4
#: columns of cells that are wide enough for a number in each
WIDE_ENOUGH = 12
UNKNOWN = "#e4e6ea"
SIDES = ("reference", "generated")


def draw_image(parts: Sequence[Axes], panel: ImagePanel) -> None:
    """Draw a grid into three axes; cells whose ratio is too uncertain are grey."""
    if panel.span is None:
        _energies(parts[:2], panel)
    else:
        _signed(parts[:2], panel, panel.span)
    _comparison(parts[2], panel)


def _energies(parts: Sequence[Axes], panel: ImagePanel) -> None:
    from matplotlib.colors import LogNorm, Normalize

    both = np.concatenate([panel.reference.values, panel.generated.values])
    high = float(both.max())
    low = max(float(both[both > 0].min(initial=high)), DYNAMIC_RANGE * high)
    norm = LogNorm(low, high) if high > low > 0 else Normalize(0, max(high, 1e-30))
    for axes, name in zip(parts, SIDES, strict=True):
        values = np.maximum(getattr(panel, name).values, low)
        mesh = _grid(axes, panel, values, norm=norm, cmap=CELL_COLOURS)
        label(axes, f"{panel.title}: {name}", panel.x_label, panel.y_label)
        _bar(axes, mesh, panel.label)


def _signed(parts: Sequence[Axes], panel: ImagePanel, span: float) -> None:
    from matplotlib.colors import Normalize

    for axes, name in zip(parts, SIDES, strict=True):
        axes.set_facecolor(UNKNOWN)
        values = getattr(panel, name).values
        mesh = _grid(axes, panel, values, norm=Normalize(-span, span), cmap=SIGNED_COLOURS)
        label(axes, f"{panel.title}: {name}", panel.x_label, panel.y_label)
        _bar(axes, mesh, panel.label)


def _comparison(axes: Axes, panel: ImagePanel) -> None:
    from matplotlib.colors import Normalize

    values = panel.comparison()
    usual, sign = (1.0, "/") if panel.below == "ratio" else (0.0, "−")
    far = np.abs(values - usual)[np.isfinite(values)]
    wanted = float(np.quantile(far, 0.9)) if far.size else 1.0
    reach = next((step for step in REACH if step >= wanted), REACH[-1])
    axes.set_facecolor(UNKNOWN)
    norm = Normalize(usual - reach, usual + reach)
    mesh = _grid(axes, panel, values, norm=norm, cmap=SIGNED_COLOURS)
    below = "; ".join([panel.x_label, *panel.notes])
    label(axes, f"{panel.title}: generated {sign} reference", below, panel.y_label)
    if panel.below == "difference":
        _bar(axes, mesh, "difference")
        return
    dots = "; dot: above 1" if len(panel.x) > WIDE_ENOUGH + 1 else ""
    _bar(axes, mesh, f"ratio (grey: unknown{dots})")
    _above_one(axes, panel, values, reach)


def _above_one(axes: Axes, panel: ImagePanel, ratio: Float64, reach: float) -> None:
    """Write the ratios, or mark with dots those above 1: both colours are dark in grey."""
    x, y = (0.5 * (edges[:-1] + edges[1:]) for edges in (panel.x, panel.y))
    if len(x) > WIDE_ENOUGH:
        rows, columns = np.nonzero(ratio > 1)
        axes.plot(x[columns], y[rows], ".", color=INK, markersize=2.0)
        return
    for row, column in zip(*np.nonzero(np.isfinite(ratio)), strict=True):
        value = float(ratio[row, column])
        colour = "white" if abs(value - 1) > 0.55 * reach else INK
        text = f"{value:.2f}" if value < 10 else ">10"
        axes.text(x[column], y[row], text, color=colour, ha="center", va="center", fontsize=6)


def _grid(axes: Axes, panel: ImagePanel, values: Any, **colours: Any) -> Any:
    return axes.pcolormesh(
        panel.x, panel.y, np.ma.masked_invalid(values), rasterized=True, **colours
    )


def _bar(axes: Axes, mesh: Any, label: str) -> None:
    # inside the column, so that the axes above each other stay in line
    place = axes.inset_axes((1.02, 0.0, 0.035, 1.0))
    bar = axes.figure.colorbar(mesh, cax=place)
    bar.ax.minorticks_off()
    bar.ax.yaxis.set_major_formatter(plain)
    bar.ax.tick_params(labelsize=7, right=False)
    bar.set_label(label, fontsize=7.5)
    bar.outline.set_linewidth(0.5)
