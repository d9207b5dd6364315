"""Which curves there are: the columns of a history, sorted into panels.

A row of the history holds counters, then losses, ``validation_`` in front of those on the showers
held back, then ``score`` and what belongs to it. Families and scores name their columns themselves.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64

VALIDATION = "validation_"
BEST, HELD_BACK = "best", "held back"
COUNTERS = ("updates", "epoch", "learning_rate")
#: deviations of the total energy, in words
WORST = {"mean": "total energy", "width": "its width"}
#: the first part of a training, whose values do not decide the limits of an axis
BEGINNING = 0.1


@dataclass(frozen=True)
class Curve:
    """One line.

    Attributes:
        name: for the legend.
        updates: (n,) where.
        values: (n,) finite.
        dashed: it belongs to the curve before, whose colour it has.
    """

    name: str
    updates: Float64
    values: Float64
    dashed: bool = False


@dataclass(frozen=True)
class Panel:
    """Curves on one pair of axes; none of them is empty.

    Attributes:
        title: what they are.
        curves: at least one.
        logarithmic: all values are above zero, and their ratio tells.
    """

    title: str
    curves: tuple[Curve, ...]
    logarithmic: bool = False

    @property
    def limits(self) -> tuple[float, float]:
        """Smallest and largest value after the beginning, a little apart."""
        last = max(float(curve.updates[-1]) for curve in self.curves)
        parts = [curve.values[curve.updates >= BEGINNING * last] for curve in self.curves]
        values = np.concatenate([*parts, *(curve.values[-1:] for curve in self.curves)])
        low, high = float(values.min()), float(values.max())
        if self.logarithmic:
            return low / 1.05, high * 1.05
        pad = 0.05 * (high - low) or 0.05 * abs(high) or 1.0
        return low - pad, high + pad


def panels(history: Sequence[Mapping[str, Any]]) -> list[Panel]:
    """Return the panels of a history; those without a number are left out.

    >>> rows = [{"updates": n, "kl": 9.0 / n, "validation_kl": 10.0 / n, "score": 4 - n} for n in (1, 2)]
    >>> [(panel.title, [curve.name for curve in panel.curves]) for panel in panels(rows)]
    [('score', ['score', 'best']), ('losses (held back)', ['kl', 'held back'])]
    """
    drawn = [
        _panel("score", _score(history), logarithmic=True),
        _panel("worst deviations", _worst(history), logarithmic=True),
        _panel(f"losses ({HELD_BACK})", _losses(history, validated=True)),
        _panel("further losses", _losses(history, validated=False)),
    ]
    return [panel for panel in drawn if panel is not None]


def _panel(title: str, curves: Iterator[Curve], *, logarithmic: bool = False) -> Panel | None:
    kept = tuple(curve for curve in curves if len(curve.values))
    if not kept:
        return None
    positive = all((curve.values > 0).all() for curve in kept)
    return Panel(title, kept, logarithmic and positive)


def _column(history: Sequence[Mapping[str, Any]], column: str) -> tuple[Float64, Float64]:
    found: Array = np.array(
        [(row["updates"], row[column]) for row in history if row.get(column) is not None],
        dtype=np.float64,
    ).reshape(-1, 2)
    finite = found[np.isfinite(found[:, 1])]
    return finite[:, 0], finite[:, 1]


def _score(history: Sequence[Mapping[str, Any]]) -> Iterator[Curve]:
    updates, values = _column(history, "score")
    yield Curve("score", updates, values)
    yield Curve(BEST, updates, np.minimum.accumulate(values), dashed=True)


def _worst(history: Sequence[Mapping[str, Any]]) -> Iterator[Curve]:
    for column in _columns(history):
        if column.startswith("worst_"):
            name = column.removeprefix("worst_")
            yield Curve(WORST.get(name, name.replace("_", " ")), *_column(history, column))


def losses_in(columns: Iterable[str]) -> list[str]:
    """Return the losses among the columns of a history, without those on the showers held back.

    >>> losses_in(["updates", "kl", "validation_kl", "penalty", "score", "worst_mean"])
    ['kl', 'penalty']
    """
    before = itertools.takewhile(lambda name: name != "score", columns)
    return [one for one in before if one not in COUNTERS and not one.startswith(VALIDATION)]


def _losses(history: Sequence[Mapping[str, Any]], *, validated: bool) -> Iterator[Curve]:
    columns = _columns(history)
    for name in losses_in(columns):
        held_back = f"{VALIDATION}{name}"
        if (held_back in columns) != validated:
            continue
        yield Curve(name, *_column(history, name))
        if validated:
            yield Curve(HELD_BACK, *_column(history, held_back), dashed=True)


def colours(curves: Sequence[Curve]) -> list[int]:
    """Return the number of the colour of each curve.

    >>> none = np.zeros(0)
    >>> names = {"score": False, "best": True, "other": False}
    >>> colours([Curve(name, none, none, dashed) for name, dashed in names.items()])
    [0, 0, 1]
    """
    return (np.cumsum([not curve.dashed for curve in curves]) - 1).tolist()


def _columns(history: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(column for row in history for column in row))
