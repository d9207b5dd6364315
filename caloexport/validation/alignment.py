"""Profiles across the shower for each alignment of the cells, and how alike they are.

Where a layer has coarser cells than the impact cell's, its window lies in several ways about the impact
cell, so the mean profiles in η and φ differ between the alignments (``pconfig``, ``econfig``). A
generator that does not look at the alignment gives the mean of all.

A profile is the share of the layer's energy in each column of cells. Its bins go together, which the
error of χ² counts in: with correlations ρ, the variance of Σz² is 2 Σρ².
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.runtime.window_mesh import WindowMesh
from caloexport.validation.estimate import Estimate
from caloexport.validation.window_layers import is_window, layer_cells

#: (pconfig, econfig) of ATLAS' cells
CONFIGURATIONS = tuple((p, e) for e in range(2) for p in range(4))
CONDITIONS = ("pconfig", "econfig")
AXES = ("eta", "phi")
#: showers that a mean needs
FEWEST = 4


def has_alignment(mesh: Mesh, conditions: Mapping[str, Array]) -> bool:
    """Say whether showers tell how their window lies."""
    return is_window(mesh) and all(name in conditions for name in CONDITIONS)


@dataclass
class _Sums:
    """Number, sum and products of the profiles of one layer, for each configuration."""

    n: Float64
    first: Float64
    second: Float64


class AlignedProfiles:
    """Mean profiles of a sample by alignment, layer and direction."""

    def __init__(self, mesh: WindowMesh) -> None:
        self.mesh = mesh
        self._sums: dict[tuple[str, int], _Sums] = {}
        for z, layer in enumerate(mesh.layers):
            for axis, bins in (("eta", layer.n_eta), ("phi", layer.n_phi)):
                size = len(CONFIGURATIONS)
                zeros = np.zeros((size, bins)), np.zeros((size, bins, bins))
                self._sums[axis, z] = _Sums(np.zeros(size), *zeros)

    def watch(self, energies: Array, conditions: Mapping[str, Array]) -> None:
        """Take a block of showers."""
        pconfig, econfig = (np.asarray(conditions[name]).astype(int) for name in CONDITIONS)
        for (axis, z), sums in self._sums.items():
            cells = layer_cells(energies, self.mesh, z)
            columns = cells.sum(axis=2 if axis == "eta" else 1, dtype=np.float64)
            total = columns.sum(axis=1)
            for k, (p, e) in enumerate(CONFIGURATIONS):
                chosen = (pconfig == p) & (econfig == e) & (total > 0)
                shares = columns[chosen] / total[chosen, None]
                sums.n[k] += len(shares)
                sums.first[k] += shares.sum(axis=0)
                sums.second[k] += shares.T @ shares

    def profile(self, axis: str, layer: int, configuration: int) -> tuple[Float64, Float64]:
        """Return the mean (bins,) and the covariance of the mean (bins, bins); NaN for too few."""
        sums = self._sums[axis, layer]
        n = sums.n[configuration]
        if n < FEWEST:
            bins = sums.first.shape[1]
            return np.full(bins, np.nan), np.full((bins, bins), np.nan)
        mean = sums.first[configuration] / n
        covariance = (sums.second[configuration] / n - np.outer(mean, mean)) / (n - 1)
        return mean, covariance


@dataclass(frozen=True)
class Aligned:
    """How alike the profiles of one layer and direction are, over all alignments.

    Attributes:
        axis, layer: ``"eta"`` or ``"phi"``, and the number from 0.
        chi2_ndf: sum over bins and alignments of (difference/error)², over their number: 1 for
            samples that are alike.
    """

    axis: str
    layer: int
    chi2_ndf: Estimate | None

    def to_json(self) -> dict[str, Any]:
        """Return the figure as JSON."""
        figure = None if self.chi2_ndf is None else self.chi2_ndf.to_json()
        return {"layer": self.layer, "axis": self.axis, "chi2_ndf": figure}


def compare_aligned(reference: AlignedProfiles, generated: AlignedProfiles) -> list[Aligned]:
    """Compare the profiles of every layer and direction."""
    return [
        Aligned(axis, layer, chi2_of(reference, generated, axis, layer, range(len(CONFIGURATIONS))))
        for axis in AXES
        for layer in range(reference.mesh.n_layers)
    ]


def chi2_of(
    reference: AlignedProfiles,
    generated: AlignedProfiles,
    axis: str,
    layer: int,
    configurations: range,
) -> Estimate | None:
    """Return χ²/ndf of the profiles of some alignments; None where no bin can be compared."""
    chi2, variance, ndf = 0.0, 0.0, 0
    for k in configurations:
        usual, found = (one.profile(axis, layer, k) for one in (reference, generated))
        covariance = usual[1] + found[1]
        told = np.diag(covariance) > 0  # NaN is not
        if not told.any():
            continue
        covariance = covariance[np.ix_(told, told)]
        width = np.sqrt(np.diag(covariance))
        pull = (found[0] - usual[0])[told] / width
        correlation = covariance / np.outer(width, width)
        chi2 += float(np.square(pull).sum())
        # of a sum of squares of correlated numbers with the means that are seen
        shift = np.where(np.abs(pull) > 1, pull, 0.0)
        variance += float(2 * np.square(correlation).sum() + 4 * shift @ correlation @ shift)
        ndf += int(told.sum())
    return Estimate(chi2 / ndf, math.sqrt(variance) / ndf, 1.0) if ndf else None
