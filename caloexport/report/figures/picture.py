"""What a picture of two samples shows, as numbers: drawn by ``draw_picture.py``, written to JSON.

Everything that is drawn is here, so whoever doubts a picture can check the numbers behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from caloexport.runtime.arrays import Array, Float64

#: digits of numbers in JSON; the statistics of a sample never has more
DIGITS = 6


@dataclass(frozen=True)
class Series:
    """Numbers of one sample with their standard errors, one for each bin or point."""

    values: Float64
    errors: Float64

    def to_json(self) -> dict[str, Any]:
        """Return the numbers as JSON."""
        return {"values": listed(self.values), "errors": listed(self.errors)}


@dataclass(frozen=True)
class Trend:
    """A law through the reference's points, and where it goes beyond them.

    Attributes:
        x, series: (points of the curve,) with errors.
        low, high: ends of what it was fitted to; outside it is extrapolated, and drawn dashed.
        expected: (points of the panel,) the law there: what points without a reference are held
            against.
        shaded: range of x that the generator was trained on; None where nothing tells.
    """

    x: Float64
    series: Series
    low: float
    high: float
    expected: Series
    shaded: tuple[float, float] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the curve as JSON."""
        return {
            "x": listed(self.x),
            **self.series.to_json(),
            "fitted": [self.low, self.high],
            "expected": self.expected.to_json(),
            "trained": None if self.shaded is None else list(self.shaded),
        }


@dataclass(frozen=True)
class Panel:
    """Both samples over an axis, and how they differ below.

    Attributes:
        title: above the panel, for example ``"25 GeV"``.
        x_label, y_label: with units.
        x: (bins + 1,) rising edges of bins, or (points,) places.
        reference, generated: (bins,) or (points,).
        below: what the lower panel shows: generated/reference, or the pull (generated -
            reference)/σ for numbers that may be 0.
        log_x, log_y: scales.
        notes: figures that are written into the panel.
        curves: (x, reference, generated) lines through points.
        energy: the window of the incident energy that it is about, as its label; "" for several.
        trend: a law of the reference that goes on beyond its points; the values of the reference
            are NaN at points that it does not have.
        others: what further models generated, as ``generated``.
    """

    title: str
    x_label: str
    y_label: str
    x: Float64
    reference: Series
    generated: Series
    below: Literal["ratio", "pull"] = "ratio"
    log_x: bool = False
    log_y: bool = False
    notes: tuple[str, ...] = ()
    curves: tuple[Float64, Float64, Float64] | None = None
    energy: str = ""
    trend: Trend | None = None
    others: tuple[Series, ...] = ()

    @property
    def usual(self) -> Series:
        """What the generated sample is held against: the reference, or its trend."""
        if self.trend is None:
            return self.reference
        alone, expected = np.isnan(self.reference.values), self.trend.expected
        return Series(
            np.where(alone, expected.values, self.reference.values),
            np.where(alone, expected.errors, self.reference.errors),
        )

    @property
    def each(self) -> list[Panel]:
        """A panel for the first and each further model, without the others."""
        samples = (self.generated, *self.others)
        return [replace(self, generated=sample, others=()) for sample in samples]

    @property
    def binned(self) -> bool:
        """Whether the numbers belong to bins."""
        return len(self.x) == len(self.reference.values) + 1

    def comparison(self) -> tuple[Float64, Float64, Float64]:
        """Return the lower panel: values, their errors, and the errors of the reference alone.

        Of a ratio the generated sample's error is drawn on the points and the reference's as a band.
        """
        usual, found = self.usual, self.generated
        nothing = np.full(len(usual.values), np.nan)
        if self.below == "pull":
            error = np.hypot(usual.errors, found.errors)
            difference = found.values - usual.values
            pull = np.divide(difference, error, where=error > 0, out=nothing)
            return pull, np.where(np.isfinite(pull), 1.0, np.nan), np.zeros(len(nothing))
        # a bin without any shower has no error that could be drawn
        empty = (found.values == 0) & (found.errors == 0)
        below = np.where(empty, 0.0, np.abs(usual.values))
        parts = [
            np.divide(part, below, where=below > 0, out=nothing.copy())
            for part in (np.sign(usual.values) * found.values, found.errors, usual.errors)
        ]
        return parts[0], parts[1], parts[2]

    def to_json(self) -> dict[str, Any]:
        """Return all that is drawn as JSON; of several models in lists."""
        told = [one._sample_to_json() for one in self.each]
        generated = told[0]
        if self.others:
            generated = {key: [one[key] for one in told] for key in generated}
        return {
            "title": self.title,
            "x_label": self.x_label,
            "y_label": self.y_label,
            "bin_edges" if self.binned else "x": listed(self.x),
            "reference": self.reference.to_json(),
            **generated,
            "notes": list(self.notes),
            **({} if self.trend is None else {"trend": self.trend.to_json()}),
        }

    def _sample_to_json(self) -> dict[str, Any]:
        values, errors, band = self.comparison()
        return {
            "generated": self.generated.to_json(),
            self.below: {
                "values": listed(values),
                "errors": listed(errors),
                "reference_errors": listed(band),
            },
        }


@dataclass(frozen=True)
class ImagePanel:
    """A grid of numbers of both samples: mean energies of cells, correlations of layers.

    Attributes:
        title: for example ``"layer 2"``.
        x_label, y_label: with units.
        x, y: edges of the cells.
        label: of the colours, with unit.
        reference, generated: (y cells, x cells) each.
        span: None for energies, which are compared by their ratio; numbers of either sign, which
            are compared by their difference, lie between -span and span.
        notes: figures that are written beside the comparison.
        energy: as of :class:`Panel`.
    """

    title: str
    x_label: str
    y_label: str
    x: Float64
    y: Float64
    label: str
    reference: Series
    generated: Series
    span: float | None = None
    notes: tuple[str, ...] = ()
    energy: str = ""

    @property
    def below(self) -> Literal["ratio", "difference"]:
        """How both are compared."""
        return "ratio" if self.span is None else "difference"

    def comparison(self) -> Float64:
        """Return what the third image shows; NaN where nothing can be told."""
        if self.span is None:
            return self.ratio()
        return self.generated.values - self.reference.values

    def ratio(self, largest_error: float = 0.2) -> Float64:
        """Return generated/reference; NaN where its error is larger than can tell anything."""
        usual, found = self.reference, self.generated
        below = usual.values
        nothing = np.full(below.shape, np.nan)
        ratio = np.divide(found.values, below, where=below > 0, out=nothing.copy())
        error = np.hypot(found.errors, ratio * usual.errors)
        error = np.divide(error, below, where=below > 0, out=nothing)
        return np.where(error <= largest_error, ratio, np.nan)

    def to_json(self) -> dict[str, Any]:
        """Return all that is drawn as JSON; rows along y."""
        return {
            "title": self.title,
            "x_label": self.x_label,
            "y_label": self.y_label,
            "x_edges": listed(self.x),
            "y_edges": listed(self.y),
            "label": self.label,
            "reference": self.reference.to_json(),
            "generated": self.generated.to_json(),
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class Picture:
    """Panels in rows.

    Attributes:
        name: of the files, without suffix.
        title: what it shows.
        rows: panels from left to right; rows of images have one panel each.
        facts: further numbers for JSON.
    """

    name: str
    title: str
    rows: Sequence[Sequence[Panel] | ImagePanel]
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        """The title as a heading; symbols keep their letters.

        >>> [Picture("", title, ()).heading for title in ("energy-weighted depth", "w(η1)", "ΣE")]
        ['Energy-weighted depth', 'w(η1)', 'ΣE']
        """
        is_word = self.title[:2].isalpha() and self.title[:2].islower()
        return self.title[0].upper() + self.title[1:] if is_word else self.title

    def to_json(self) -> dict[str, Any]:
        """Return all that is drawn as JSON."""
        panels = [
            panel for row in self.rows for panel in ([row] if isinstance(row, ImagePanel) else row)
        ]
        return {
            "name": self.name,
            "title": self.title,
            **self.facts,
            "panels": [panel.to_json() for panel in panels],
        }


def listed(values: Array) -> list[Any]:
    """Return an array as nested lists, rounded; what is not finite is None.

    >>> listed(np.array([[1.0, np.nan], [1 / 3, 2e6]]))
    [[1.0, None], [0.333333, 2000000.0]]
    """
    if values.ndim > 1:
        return [listed(row) for row in values]
    return [
        float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None for value in values.tolist()
    ]
