"""What is measured of a sample of showers, with errors by leaving one shower out at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Float64

#: cells above this share of the highest enter the fit of the maximum
NEAR_MAXIMUM = 0.4
#: share of all deposits within the radius R90
R90_SHARE = 0.9


@dataclass(frozen=True)
class Sample:
    """Showers of one energy in one cylinder along the particle.

    Attributes:
        dr_mm, dz_mm: sizes of a cell.
        incident_mev: energy of the particle.
        deposited_mev, inside_mev, active_mev: (n,) in all material, of that in the mesh, in active.
        cells: (n,) number of cells above the threshold.
        by_depth, by_radius: (n, n_z), (n, n_r) energy of the cells, MeV.
    """

    dr_mm: float
    dz_mm: float
    incident_mev: float
    deposited_mev: Float64
    inside_mev: Float64
    active_mev: Float64
    cells: Float64
    by_depth: Float64
    by_radius: Float64

    def __len__(self) -> int:
        return len(self.deposited_mev)

    def without(self, number: int) -> Sample:
        """Return the sample without one shower."""
        rest = np.arange(len(self)) != number
        arrays = (
            self.deposited_mev, self.inside_mev, self.active_mev, self.cells, self.by_depth,
            self.by_radius,
        )  # fmt: skip
        return Sample(self.dr_mm, self.dz_mm, self.incident_mev, *(array[rest] for array in arrays))


def measure(sample: Sample, x0_mm: float) -> dict[str, tuple[float, float]]:
    """Return every quantity of references.toml as value and error.

    Args:
        sample: at least three showers.
        x0_mm: radiation length, the unit of the depth of the maximum.
    """
    values = _values(sample, x0_mm)
    n = len(sample)
    others = [_values(sample.without(number), x0_mm) for number in range(n)]
    return {
        name: (value, float(np.sqrt((n - 1) * np.var([other[name] for other in others]))))
        for name, value in values.items()
    }


def _values(sample: Sample, x0_mm: float) -> dict[str, float]:
    return {name: float(function(sample, x0_mm)) for name, function in QUANTITIES.items()}


def _share(array: Float64, sample: Sample) -> float:
    return float(array.mean()) / sample.incident_mev


def _resolution(sample: Sample) -> float:
    return float(sample.active_mev.std(ddof=1) / sample.active_mev.mean())


def _depths(sample: Sample) -> Float64:
    """Return the energy-weighted mean depth of every shower, mm."""
    centres = (np.arange(sample.by_depth.shape[1]) + 0.5) * sample.dz_mm
    depths: Float64 = sample.by_depth @ centres / sample.by_depth.sum(axis=1)
    return depths


def depth_of_maximum(profile: Float64, dz_mm: float) -> float:
    """Return the depth in mm of the maximum of a mean profile (n_z,).

    ln f = c + (a - 1) ln z - b z is fitted to the cells near the maximum; it lies at (a - 1) / b.
    Source: PDG review of particle physics, "Electromagnetic cascades".

    >>> z = (np.arange(45) + 0.5) * 4.0
    >>> round(depth_of_maximum(z**3 * np.exp(-0.1 * z), 4.0), 6)
    30.0
    """
    near = np.flatnonzero(profile > NEAR_MAXIMUM * profile.max())
    z_mm = (near + 0.5) * dz_mm
    terms = np.stack([np.ones(len(near)), np.log(z_mm), -z_mm], axis=1)
    weights = np.sqrt(profile[near])
    fit = np.linalg.lstsq(terms * weights[:, None], np.log(profile[near]) * weights, rcond=None)[0]
    return float(fit[1] / fit[2])


def radius_of_share(profile: Float64, whole: float, share: float, dr_mm: float) -> float:
    """Return the radius in mm that holds a share of the whole, of a mean profile (n_r,).

    >>> radius_of_share(np.array([5.0, 3.0, 1.0]), 10.0, 0.65, 2.0)
    3.0
    """
    edges = np.arange(len(profile) + 1) * dr_mm
    inside = np.concatenate([[0.0], np.cumsum(profile)])
    return float(np.interp(share * whole, inside, edges))


def _r90(sample: Sample) -> float:
    whole = float(sample.deposited_mev.mean())
    return radius_of_share(sample.by_radius.mean(axis=0), whole, R90_SHARE, sample.dr_mm)


QUANTITIES: Mapping[str, Callable[[Sample, float], float]] = {
    "deposited": lambda sample, x0_mm: _share(sample.deposited_mev, sample),
    "in_mesh": lambda sample, x0_mm: _share(sample.inside_mev, sample),
    "active": lambda sample, x0_mm: _share(sample.active_mev, sample),
    "resolution": lambda sample, x0_mm: _resolution(sample),
    "t_max": lambda sample, x0_mm: (
        depth_of_maximum(sample.by_depth.mean(axis=0), sample.dz_mm) / x0_mm
    ),
    "z_mean": lambda sample, x0_mm: float(_depths(sample).mean()),
    "z_rms": lambda sample, x0_mm: float(_depths(sample).std(ddof=1)),
    "r90": lambda sample, x0_mm: _r90(sample),
    "cells": lambda sample, x0_mm: float(sample.cells.mean()),
}
