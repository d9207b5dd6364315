"""Energy points: the groups of showers held back that are compared, one detector and energy each."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Array, Float64, Integers
from caloexport.training.data import TrainingData
from caloexport.validation.windows import MAX_DISTINCT, default_windows

#: showers that a point needs
FEWEST = 5


@dataclass(frozen=True)
class Point:
    """One detector at one energy, or in one window of a spectrum.

    Attributes:
        geometry: detector.
        energy_mev: of a scan the incident energy, of a window its geometric middle.
        rows: places among the showers held back.
        low_mev, high_mev: the window, low ≤ energy < high.
    """

    geometry: str
    energy_mev: float
    rows: Integers
    low_mev: float
    high_mev: float

    def holds(self, geometry: Array, energy_mev: Float64) -> Array:
        """Say which of other showers belong here."""
        inside = (energy_mev >= self.low_mev) & (energy_mev < self.high_mev)
        return np.asarray((geometry == self.geometry) & inside)


def points_of(data: TrainingData) -> list[Point]:
    """Return the energy points of the showers held back, detector by detector.

    A point of too few showers is left out; if a detector has no other, all its showers are one.
    """
    geometry, energy = data.geometry[data.scoring], data.energy_mev[data.scoring]
    return [
        point
        for name in sorted(set(map(str, geometry)))
        for point in _of_detector(name, np.flatnonzero(geometry == name), energy)
    ]


def _of_detector(name: str, here: Integers, energy_mev: Float64) -> Iterator[Point]:
    own = energy_mev[here]
    distinct = np.unique(own)
    scan = len(distinct) <= MAX_DISTINCT
    found = []
    for low, high in default_windows(own):
        inside = here[(own >= low) & (own < high)]
        if len(inside) >= FEWEST:
            middle = float(energy_mev[inside[0]]) if scan else math.sqrt(low * high)
            found.append(Point(name, middle, inside, low, high))
    low, high = float(distinct[0]), float(np.nextafter(distinct[-1], np.inf))
    yield from found or [Point(name, math.sqrt(low * high), here, low, high)]
