"""Figures by which a generated sample is held against the reference, one file each.

A figure says of which showers it can be drawn and turns what was gathered of both samples into
pictures (``caloexport.report.figures.picture``), which are numbers: it draws nothing itself. A new
figure is a new file here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from caloexport.report.figures.gathered import Collector, Frame, Gathered
from caloexport.report.figures.picture import Picture
from caloexport.runtime.registry import Registry


@dataclass(frozen=True)
class Figure:
    """One kind of figure.

    Attributes:
        title: what it shows.
        missing: (frame) -> why these showers do not have it; None where they do.
        pictures: (reference, generated) -> one picture or more.
        collector: what it needs of the showers beside observables; it is given every block and
            stands in ``Gathered.collected`` under the figure's name.
    """

    title: str
    missing: Callable[[Frame], str | None]
    pictures: Callable[[Gathered, Gathered], Iterator[Picture]]
    collector: Callable[[Frame], Collector] | None = None


figures: Registry[Figure] = Registry(
    "figure", "caloexport.report.figures.comparisons", "caloexport.figures"
)


def never_missing(frame: Frame) -> str | None:
    """Say that all showers have a figure."""
    return None
