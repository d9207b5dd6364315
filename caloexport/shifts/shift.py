"""How far mean and width of a quantity move, in units of its width, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.shifts.groups import Group
from caloexport.shifts.quantities import ENERGIES, Quantity, Sums

RESAMPLINGS = 100
#: a width below this part of the shower's energy (of the mean, for what is no energy) counts as
#: this: an almost empty layer has no width to speak of, and no detector resolves what changes in it
SMALLEST_WIDTH = 1e-4


@dataclass(frozen=True)
class Shift:
    """One quantity in one group.

    Attributes:
        quantity: what.
        group: where: conditions that its showers share.
        mean, width: of the reference.
        mean_shift, width_shift: of the file against the reference, in units of that width.
        mean_error, width_error: their bootstrap errors; the latents are the same on both sides,
            so they are far below those of two independent samples.
    """

    quantity: Quantity
    group: Group
    mean: float
    width: float
    mean_shift: float
    mean_error: float
    width_shift: float
    width_error: float

    @property
    def size(self) -> float:
        """The larger one of the two shifts."""
        return max(abs(self.mean_shift), abs(self.width_shift))

    def to_json(self) -> dict[str, Any]:
        """Return the shift as JSON."""
        return {
            "observable": self.quantity.observable,
            "element": self.quantity.element,
            "group": dict(self.group.fixed),
            "reference_mean": self.mean,
            "reference_width": self.width,
            "mean_shift": self.mean_shift,
            "mean_error": self.mean_error,
            "width_shift": self.width_shift,
            "width_error": self.width_error,
        }


def shifts_of(group: Group, reference: Sums, found: Sums) -> list[Shift]:
    """Compare two measurements of the same showers.

    Args:
        group: that they belong to.
        reference: of the exact network.
        found: of the file, for the same latents and conditions.
    """
    n = len(reference.count)
    whole = np.ones((1, n))
    random = np.random.default_rng(len(group))
    resampled = random.multinomial(n, np.full(n, 1 / n), size=RESAMPLINGS).astype(np.float64)
    usual, changed = (_mean_and_width(sums, reference, whole) for sums in (reference, found))
    unit = _unit(reference, *(part[0] for part in usual))
    moved = [(b - a)[0] / unit for a, b in zip(usual, changed, strict=True)]
    spread = [
        ((b - a) / unit).std(axis=0, ddof=1)
        for a, b in zip(
            _mean_and_width(reference, reference, resampled),
            _mean_and_width(found, reference, resampled),
            strict=True,
        )
    ]
    columns = zip(reference.quantities, *(p[0] for p in usual), *moved, *spread, strict=True)
    return [
        Shift(quantity, group, *map(float, (mean, width, dm, em, dw, ew)))
        for quantity, mean, width, dm, dw, em, ew in columns
    ]


def _mean_and_width(sums: Sums, centre: Sums, weights: Array) -> tuple[Float64, Float64]:
    """Return mean and width (m, columns) of m weightings (m, n) of the showers.

    Squares are taken around the mean of ``centre``, so that narrow widths keep their digits.
    """
    middle = centre.first.sum(axis=0) / np.maximum(centre.count.sum(axis=0), 1)
    first = sums.first - middle * sums.count
    second = sums.second - 2 * middle * sums.first + middle**2 * sums.count
    count = np.maximum(weights @ sums.count, 1)
    mean = weights @ first / count
    variance = weights @ second / count - mean**2
    return mean + middle, np.sqrt(np.maximum(variance, 0))


def _unit(reference: Sums, mean: Float64, width: Float64) -> Float64:
    """Return what shifts are counted in: the width, or what stands for it where there is none."""
    names = [quantity.observable for quantity in reference.quantities]
    total = abs(mean[names.index("total_energy")])
    size = np.where(np.isin(names, ENERGIES), total, np.abs(mean))
    return np.maximum(np.maximum(width, SMALLEST_WIDTH * size), np.finfo(np.float64).tiny)
