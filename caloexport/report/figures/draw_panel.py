"""Draw one panel of two samples, and how they differ below."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from caloexport.report.figures.draw_trend import draw_trend, shade_trained
from caloexport.report.figures.picture import Panel, Series
from caloexport.report.figures.style import COLOURS, INK, SAMPLES
from caloexport.runtime.arrays import Array, Float64

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

USUAL = COLOURS[0]
BAND = 0.3
#: half the height of lower panels: the least that holds nearly all points
RATIO_REACH = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
PULL_REACH = (3.0, 5.0, 10.0, 20.0)
#: share of the points that decide, and error of a ratio that says nothing
MOST, USELESS = 0.9, 0.5
#: letters of a note that are as wide as a panel of a third of the page
NOTE = 58
#: letters of labels to an inch, of bold titles, and room beside a panel that they may take, in inches
LETTERS, BOLD, BESIDE = 15.0, 12.8, 0.62
#: an axis whose numbers are all smaller, or larger, shows a multiple of them
SMALL_X, SMALL_Y, LARGE = 0.1, 0.01, 1e5
#: width of a bin over which the points of several models are spread, and of a point among points
SPREAD, NARROW = 0.6, 0.12


def point(sample: int) -> dict[str, Any]:
    """Return how the points of a generated sample look, by its number."""
    colour, marker = SAMPLES[sample % len(SAMPLES)]
    return {"marker": marker, "markersize": 2.6, "linewidth": 0.9, "color": colour}


def plain(value: float, _: float = 0) -> str:
    """Write a number at a tick; exponents as typeset mathematics would take a third of the time.

    >>> plain(0.25), plain(1e-6)
    ('0.25', '1e-06')
    """
    return f"{value:.6g}"


def decade(value: float, _: float = 0) -> str:
    """Write a power of ten at a tick.

    >>> decade(0.1), decade(1e4), decade(1e-6)
    ('0.1', '10⁴', '10⁻⁶')
    """
    power = round(math.log10(value)) if value > 0 else 0
    return plain(value) if -2 <= power <= 3 else f"10{_raised(power)}"


def multiple(values: Array, small: float) -> int:
    """Return n, a multiple of 3: the numbers are short if they are drawn times 10ⁿ.

    >>> multiple(np.array([-0.004, 0.002]), 0.1), multiple(np.array([0.2, np.nan]), 0.1)
    (3, 0)
    """
    high = float(np.abs(values[np.isfinite(values)]).max(initial=0.0))
    if high == 0 or small <= high < LARGE:
        return 0
    return -3 * math.floor(math.log10(high) / 3)


def _raised(power: int) -> str:
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def draw_panel(upper: Axes, lower: Axes, panel: Panel) -> None:
    """Draw a panel into its upper and lower axes."""
    if panel.binned:
        _bins(upper, panel)
    else:
        _points(upper, panel)
    _difference(lower, panel)
    across = 0 if panel.log_x else multiple(panel.x, SMALL_X)
    up = _vertical(upper, panel)
    for axes in (upper, lower):
        _horizontal(axes, panel, across)
    if panel.trend is not None:
        draw_trend(upper, panel.trend)
        for axes in (upper, lower):
            shade_trained(axes, panel.trend)
    upper.tick_params(labelbottom=False)
    label(upper, panel.title, "", _times(panel.y_label, up))
    label(lower, "", _times(panel.x_label, across), panel.below)
    if panel.notes:
        longest = max(map(len, panel.notes))
        upper.text(
            0.97, 0.96, "\n".join(panel.notes), transform=upper.transAxes, ha="right", va="top",
            fontsize=7 * min(1.0, NOTE / longest), linespacing=1.25, bbox={"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 1},
        )  # fmt: skip


def _times(text: str, power: int) -> str:
    return f"{text} × 10{_raised(power)}" if power else text


def label(axes: Axes, title: str, x_label: str, y_label: str) -> None:
    """Write title and labels at fixed distances: matplotlib's search for free places is slow.

    Long labels of x go on in a second line; long titles begin to the left of the panel.
    """
    figure: Any = axes.figure
    place, (width, height) = axes.get_position(), figure.get_size_inches()
    wide, high = place.width * width, place.height * height
    left = max(-BESIDE, min(0.0, wide - len(title) / BOLD)) / wide
    axes.text(left, 1 + 0.06 / high, title, transform=axes.transAxes, fontweight="bold")
    letters = max(int(LETTERS * (wide + BESIDE)), int(0.6 * len(x_label)))  # two lines at most
    axes.set_xlabel("\n".join(textwrap.wrap(x_label, letters, break_on_hyphens=False)))
    axes.set_ylabel(y_label)
    axes.xaxis.set_label_coords(0.5, -0.22 / high)
    axes.yaxis.set_label_coords(-0.48 / wide, 0.5)


def bins_of(panel: Panel) -> tuple[Float64, Float64]:
    """Return edges and centres as drawn; a log scale that begins at 0 is cut in the first bin.

    Of points both are their places.
    """
    edges = panel.x
    if not panel.binned:
        return edges, edges
    if not panel.log_x:
        return edges, (edges[:-1] + edges[1:]) / 2
    if edges[0] <= 0:
        edges = np.concatenate([[edges[1] / 2], edges[1:]])
    return edges, np.sqrt(edges[:-1] * edges[1:])


def _bins(axes: Axes, panel: Panel) -> None:
    usual, edges = panel.reference, bins_of(panel)[0]
    if panel.below == "ratio":
        axes.stairs(_seen(usual.values), edges, fill=True, color=USUAL, alpha=0.16, linewidth=0)
    axes.stairs(_seen(usual.values), edges, color=USUAL, linewidth=1.1, baseline=None)
    _band(axes, edges, usual)
    _samples(axes, panel)


def _samples(axes: Axes, panel: Panel) -> None:
    """Draw the points of each generated sample."""
    for k, one in enumerate(panel.each):
        _generated(axes, panel, k, one.generated)


def places_of(panel: Panel, sample: int) -> Float64:
    """Return where the points of a sample are drawn: of several models, beside each other.

    Args:
        panel: with all samples.
        sample: its number.
    """
    edges, centres = bins_of(panel)
    beside = (sample + 0.5) / len(panel.each) - 0.5  # from -1/2 to 1/2
    scale = np.log(edges) if panel.log_x else edges
    if panel.binned:
        moved = SPREAD * beside * np.diff(scale)
    elif len(scale) > 1:
        moved = np.full(len(scale), NARROW * beside * np.diff(np.sort(scale)).min())
    else:
        moved = np.zeros(len(scale))
    return centres * np.exp(moved) if panel.log_x else centres + moved


def _points(axes: Axes, panel: Panel) -> None:
    usual = panel.reference
    axes.errorbar(
        panel.x, usual.values, usual.errors, color=USUAL, marker="s", markersize=5.5,
        markerfacecolor="none", markeredgewidth=1.1, linewidth=1.1, linestyle="",
    )  # fmt: skip
    _samples(axes, panel)
    if panel.curves is not None:
        at, usual_curve, found_curve = panel.curves
        axes.plot(at, usual_curve, color=USUAL, linewidth=1.0)
        axes.plot(at, found_curve, color=point(0)["color"], linewidth=1.0, linestyle=(0, (4, 2)))


def _band(axes: Axes, edges: Float64, series: Series) -> None:
    low, high = series.values - series.errors, series.values + series.errors
    axes.stairs(
        _seen(high), edges, baseline=_seen(low), fill=True, color=USUAL, alpha=BAND, linewidth=0
    )


def _difference(axes: Axes, panel: Panel) -> None:
    band = panel.comparison()[2]
    usual = 1.0 if panel.below == "ratio" else 0.0
    axes.axhline(usual, color=INK, linewidth=0.7)
    edges, centres = bins_of(panel)
    if panel.binned:
        _band(axes, edges, Series(np.full_like(band, usual), np.nan_to_num(band)))
    else:
        axes.errorbar(
            centres, np.full_like(band, usual), band, color=USUAL, alpha=0.45, linewidth=4.5,
            linestyle="",
        )  # fmt: skip
    compared = [one.comparison() for one in panel.each]
    reach = max(_reach(values, errors, panel) for values, errors, _ in compared)
    for k, (values, errors, _) in enumerate(compared):
        _generated(axes, panel, k, Series(values, errors))
        for sign, marker in ((1, "^"), (-1, "v")):  # what lies outside is pointed at
            outside = sign * (values - usual) > reach
            places = np.full(int(outside.sum()), usual + 0.9 * sign * reach)
            axes.plot(
                places_of(panel, k)[outside], places, marker, color=point(k)["color"],
                markersize=4, clip_on=False,
            )  # fmt: skip
    axes.set_ylim(usual - reach, usual + reach)
    axes.set_yticks([usual - reach / 2, usual, usual + reach / 2])
    axes.yaxis.set_major_formatter(plain)
    axes.grid(axis="y", color="#d9dce1", linewidth=0.5)
    axes.set_axisbelow(True)


def _generated(axes: Axes, panel: Panel, sample: int, found: Series) -> None:
    """Draw the points of a generated sample, hollow where the reference has none."""
    alone = np.isnan(panel.reference.values) & (panel.trend is not None)
    places, style = places_of(panel, sample), point(sample)
    for mask, filling in ((~alone, style["color"]), (alone, "white")):
        if mask.any():
            axes.errorbar(
                places[mask], found.values[mask], found.errors[mask], linestyle="",
                markerfacecolor=filling, **style,
            )  # fmt: skip


def _reach(values: Float64, errors: Float64, panel: Panel) -> float:
    steps, usual = (RATIO_REACH, 1.0) if panel.below == "ratio" else (PULL_REACH, 0.0)
    telling = np.isfinite(values)
    if panel.below == "ratio":
        telling &= errors < USELESS
    if not telling.any():
        return steps[-1]
    far = np.abs(values - usual)[telling]
    if panel.below == "ratio":
        far = far + errors[telling]
    wanted = float(np.quantile(far, MOST if len(far) > 10 else 1.0))
    return next((step for step in steps if step >= wanted), steps[-1])


def _horizontal(axes: Axes, panel: Panel, power: int) -> None:
    from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

    if panel.log_x:
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(numticks=8))
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.xaxis.set_major_formatter(decade)
    else:
        axes.xaxis.set_major_locator(MaxNLocator(4, min_n_ticks=2))
        axes.xaxis.set_major_formatter(_written(power))
    if panel.binned:
        edges = bins_of(panel)[0]
        axes.set_xlim(float(edges[0]), float(edges[-1]))
    elif panel.trend is not None:
        axes.set_xlim(float(panel.trend.x[0]), float(panel.trend.x[-1]))
    elif panel.log_x:
        axes.set_xlim(float(panel.x.min()) / 1.6, float(panel.x.max()) * 1.6)


def _vertical(axes: Axes, panel: Panel) -> int:
    """Set the scale of the upper panel; return n if its numbers are written times 10ⁿ."""
    from matplotlib.ticker import LogLocator, NullFormatter

    parts = [one.values for one in (panel.reference, panel.generated, *panel.others)]
    if panel.trend is not None:
        parts.append(panel.trend.series.values)
    values = np.concatenate(parts)
    values = values[np.isfinite(values)]
    if not values.size:
        return 0
    high, low = float(values.max()), float(values.min())
    if panel.log_y and high > 0:
        axes.set_yscale("log")
        above = values[values > 0]
        axes.set_ylim(
            max(float(above.min()) / 1.6, high * 1e-6), high * (6 if panel.binned else 2.5)
        )
        axes.yaxis.set_major_locator(LogLocator(numticks=6))
        axes.yaxis.set_major_formatter(decade)
        axes.yaxis.set_minor_formatter(NullFormatter())
        return 0
    if panel.below == "ratio" and panel.binned and low >= 0:
        room = 1.32 if len(panel.notes) < 2 else 1.45  # the notes are above the curves
        axes.set_ylim(0, room * high if high > 0 else 1)
    else:
        room = 0.18 * (high - low) if high > low else max(abs(high), 1e-9) * 0.1
        axes.set_ylim(low - room, high + (1.9 if len(panel.notes) < 3 else 3.2) * room)
    power = multiple(values, SMALL_Y)
    _few_ticks(axes, power)
    return power


def _few_ticks(axes: Axes, power: int) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(_written(power))


def _written(power: int) -> Callable[[float, float], str]:
    return lambda value, _: plain(value * 10.0**power)


def _seen(values: Array) -> Any:
    """Leave out what is not a number: a step to it would be drawn as one to nothing."""
    return np.where(np.isfinite(values), values, np.nan)
