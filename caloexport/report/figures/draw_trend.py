"""Draw the law of the reference's points, solid where it was fitted and dashed where it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caloexport.report.figures.picture import Trend
from caloexport.report.figures.style import COLOURS, GREY

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHADE, BAND = 0.14, 0.2
DASHES = (0, (4, 2.5))


def draw_trend(axes: Axes, trend: Trend) -> None:
    """Draw the curve with the band of its error."""
    values, errors = trend.series.values, trend.series.errors
    beyond = (trend.x <= trend.low) | (trend.x >= trend.high)
    axes.fill_between(
        trend.x, values - errors, values + errors, where=beyond, color=COLOURS[0], alpha=BAND,
        linewidth=0,
    )  # fmt: skip
    for mask, dashes in ((~beyond, "-"), (beyond, DASHES)):
        shown = np.where(mask, values, np.nan)
        axes.plot(trend.x, shown, color=COLOURS[0], linewidth=1.0, linestyle=dashes)


def shade_trained(axes: Axes, trend: Trend) -> None:
    """Shade the range that the generator was trained on."""
    if trend.shaded is not None:
        axes.axvspan(*trend.shaded, color=GREY, alpha=SHADE, linewidth=0, zorder=0)
