"""The table of an evaluation: all rows, and the deviations that make the score."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.training.scoring.column import Column, Profile
from caloexport.training.scoring.criteria import Criteria, Criterion
from caloexport.training.scoring.deviation import deviation, difference_of
from caloexport.training.scoring.points import Point
from caloexport.training.scoring.resampling import RESAMPLINGS, Resampled
from caloexport.training.scoring.row import Row
from caloexport.validation.estimate import FEW
from caloexport.validation.metrics import Comparison
from caloexport.validation.observables import observables

#: number of a criterion -> deviations (rows,), and in every resampling (rows, resamplings)
Deviations = dict[int, list[tuple[float, Float64]]]


@dataclass(frozen=True)
class Compared:
    """What an evaluation found.

    Attributes:
        rows: of the table.
        deviations: by criterion.
        chi2: χ²/ndf of the total energy, point by point.
    """

    rows: list[Row]
    deviations: Deviations
    chi2: list[Comparison]


class Reference:
    """The showers held back as they are, prepared once: every evaluation is held against them.

    Args:
        criteria: what is looked at.
        points: groups of showers.
        observed: observables of all showers held back, (n, columns) by name.
    """

    def __init__(
        self, criteria: Criteria, points: Sequence[Point], observed: Mapping[str, Float64]
    ) -> None:
        self._criteria = list(enumerate(criteria.criteria))
        self._entries = [
            _Entry(name, layer, point, values, self._of(name))
            for point in points
            for name in criteria.observables
            for layer, values in _columns(name, observed[name][point.rows])
        ]

    def _of(self, observable: str) -> list[tuple[int, Criterion]]:
        return [(n, one) for n, one in self._criteria if one.observable == observable]

    def compare(self, observed: Mapping[str, Float64]) -> Compared:
        """Compare generated showers, one for each held back and in their order."""
        found = Compared([], {number: [] for number, _ in self._criteria}, [])
        for entry in self._entries:
            entry.compare(observed[entry.observable], found)
        return found


class _Entry:
    """One row to be."""

    def __init__(
        self, observable: str, layer: int | None, point: Point, values: Float64,
        criteria: list[tuple[int, Criterion]],
    ) -> None:  # fmt: skip
        self.observable, self._layer, self._point = observable, layer, point
        self._criteria = criteria
        is_profile = observables[observable].kind == "profile"
        self._column: Column | Profile = Profile(values) if is_profile else Column(values)
        self._resampled = (
            {one.statistic: Resampled(one.statistic, values) for _, one in criteria}
            if self._column.showers >= FEW
            else {}
        )

    def compare(self, observed: Float64, found: Compared) -> None:
        """Add the row of generated showers, and its deviations."""
        rows = observed[self._point.rows]
        values = rows if isinstance(self._column, Profile) else rows[:, self._layer or 0]
        numbers, chi2 = self._column.compare(values)
        point, showers = self._point, self._column.showers
        row = Row(
            point.geometry, self.observable, self._layer, point.energy_mev, showers, **numbers
        )
        off = None
        for number, criterion in self._criteria:
            deviations = self._deviations(row, values, criterion)
            if deviations is not None:
                found.deviations[number].append(deviations)
                if criterion.weight:
                    off = max(off or 0.0, min(deviations[0], 1e9))
        found.rows.append(replace(row, off=off))
        if self.observable == "response" and chi2 is not None:
            found.chi2.append(chi2)

    def _deviations(
        self, row: Row, values: Float64, criterion: Criterion
    ) -> tuple[float, Float64] | None:
        statistic, tolerance = criterion.statistic, criterion.tolerance
        difference = difference_of(row, statistic)
        if difference is None:
            return None
        x, error = difference
        if not math.isfinite(x):
            return math.inf, np.full(RESAMPLINGS, math.inf)
        floor = {"shape": row.separation_floor, "profile": row.l1_floor}.get(statistic) or 0.0
        resampled = self._resampled[statistic].deviations(values, floor, error, tolerance)
        return float(deviation(statistic, x, error, tolerance)), resampled


def _columns(name: str, values: Float64) -> Iterator[tuple[int | None, Float64]]:
    """Give the layers of an observable with layers, else the observable as it is."""
    kind = observables[name].kind
    if kind == "profile":
        yield None, values
    elif kind == "shower":
        yield None, values[:, 0]
    else:
        yield from enumerate(values.T)
