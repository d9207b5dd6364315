"""Longitudinal and lateral profile of single showers, against a mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from caloexport.report.figures.style import COLOURS, GREY
from caloexport.runtime.arrays import Float64

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLES = {"z": "depth", "r": "distance from the axis"}


def draw_profiles(
    axes: Axes,
    axis: str,
    edges: Float64,
    unit: str,
    profiles: Sequence[tuple[str, Float64]],
    mean: tuple[str, Float64, Float64] | None,
) -> None:
    """Draw energy per bin width.

    Args:
        axes: where to draw.
        axis: ``"z"``, or ``"r"`` with a logarithmic energy axis.
        edges, unit: of the bins.
        profiles: (label, energy per bin in MeV) of each shower.
        mean: (label, mean, spread between showers), drawn as a band; None leaves it out.
    """
    width = np.diff(edges)
    if mean is not None:
        label, middle, spread = mean
        low, high = np.maximum(middle - spread, 0.0) / width, (middle + spread) / width
        axes.stairs(high, edges, baseline=low, fill=True, color=GREY, alpha=0.28, linewidth=0)
        axes.stairs(middle / width, edges, color=GREY, linewidth=1.6, label=label, baseline=None)
    for colour, (label, profile) in zip(COLOURS, profiles, strict=False):
        axes.stairs(profile / width, edges, color=colour, linewidth=1.8, label=label, baseline=None)
    if axis == "r":
        axes.set_yscale("log")
        heights = np.concatenate([profile / width for _, profile in profiles])
        top, seen = float(heights.max()), heights[heights > 0]
        if top > 0:
            axes.set_ylim(max(float(seen.min()) / 2, top * 1e-5), top * 3)
    else:
        axes.set_ylim(bottom=0)
    axes.set_xlim(float(edges[0]), float(edges[-1]))
    axes.set_xlabel(f"{TITLES[axis]} / {unit}")
    axes.set_ylabel("energy / (MeV/mm)" if unit == "mm" else f"energy / (MeV/{unit[:-1]})")
