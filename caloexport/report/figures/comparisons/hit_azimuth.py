"""Where the hits of each layer lie around the axis: their mean direction, at each angle."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from caloexport.report.figures.comparisons import Figure, figures
from caloexport.report.figures.gathered import Frame, Gathered
from caloexport.report.figures.picture import Panel, Picture, Series
from caloexport.runtime.arrays import Array, Float64
from caloexport.validation.azimuth import hit_harmonic
from caloexport.validation.projections import has_azimuth
from caloexport.validation.windows import Window

NAME = "hit-azimuth"
WAVES = ("cosine", "sine")
#: of a layer that fewer of the reference's showers hit, the few hits lie anywhere (check SH009)
HIT = 0.5


class Directions:
    """Sums of the direction of hits and of its square by layer, for each window of the angle."""

    def __init__(self, frame: Frame) -> None:
        self._mesh, self._angles = frame.mesh, frame.angles
        self._threshold_mev = frame.threshold_mev
        shape = (len(frame.angles), len(WAVES), frame.mesh.n_layers)
        self.first, self.second, self.hit = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self.showers = np.zeros(len(frame.angles))

    def add(self, energies: Array, conditions: Mapping[str, Array]) -> None:
        """Take a block."""
        rows = np.stack(hit_harmonic(energies, self._mesh, self._threshold_mev), axis=1)
        told = np.isfinite(rows)
        rows = np.where(told, rows, 0.0)
        for number, angle in enumerate(self._angles):
            inside = _inside(angle, conditions, len(rows))
            self.first[number] += rows[inside].sum(axis=0)
            self.second[number] += np.square(rows[inside]).sum(axis=0)
            self.hit[number] += told[inside].sum(axis=0)
            self.showers[number] += inside.sum()

    def share(self, number: int) -> Float64:
        """Return the share of showers that hit a layer (layers,)."""
        return np.asarray(self.hit[number, 0] / max(self.showers[number], 1))

    def mean(self, number: int, wave: int) -> Series:
        """Return mean and standard error in each layer; NaN where they are not told."""
        n = self.hit[number, wave]
        some = np.where(n > 1, n, np.nan)
        mean = self.first[number, wave] / some
        variance = np.maximum(self.second[number, wave] / some - mean**2, 0.0)
        return Series(mean, np.sqrt(variance / (some - 1)))


def pictures(reference: Gathered, generated: Gathered) -> Iterator[Picture]:
    """Yield one picture with a row for each angle: cosine and sine by layer."""
    usual, found = reference.collected[NAME], generated.collected[NAME]
    assert isinstance(usual, Directions)
    assert isinstance(found, Directions)
    frame = reference.frame
    rows = [
        [_panel(usual, found, number, wave, _title(angle)) for wave in range(len(WAVES))]
        for number, angle in enumerate(frame.angles)
        if (usual.share(number) >= HIT).any() and found.showers[number]
    ]
    if rows:
        yield Picture(NAME, "Mean direction of hits around the axis, all energies", rows)


def _panel(usual: Directions, found: Directions, number: int, wave: int, title: str) -> Panel:
    hit = usual.share(number) >= HIT
    sides = [
        Series(np.where(hit, one.values, np.nan), np.where(hit, one.errors, np.nan))
        for one in (side.mean(number, wave) for side in (usual, found))
    ]
    letters = ("cos φ", "sin φ")[wave]
    return Panel(
        f"{title}{WAVES[wave]}", "layer", f"mean of Σ r {letters} / Σ r over hits",
        np.arange(len(hit) + 1.0) - 0.5, sides[0], sides[1], below="pull",
    )  # fmt: skip


def _inside(angle: Window | None, conditions: Mapping[str, Array], n: int) -> Array:
    if angle is None:
        return np.ones(n, dtype=bool)
    theta = np.asarray(conditions["theta_rad"], dtype=np.float64)
    return (theta >= angle[0]) & (theta < angle[1])


def _title(angle: Window | None) -> str:
    if angle is None:
        return ""
    ends: Sequence[str] = [f"{math.degrees(end):.3g}°" for end in angle]
    return f"{ends[0]}, " if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}, "


def missing(frame: Frame) -> str | None:
    """Say why hits have no direction."""
    return None if has_azimuth(frame.mesh) else "the cells do not lie around an axis"


figures.register(NAME)(
    Figure("mean direction of hits in each layer", missing, pictures, collector=Directions)
)
