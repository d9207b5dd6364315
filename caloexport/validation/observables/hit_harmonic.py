"""Azimuthal moments of hits in each layer: Σ r cos φ/Σ r and Σ r sin φ/Σ r over cells above the cut.

See :mod:`caloexport.validation.azimuth`. A layer without hits, or without cuts in azimuth, has none: NaN.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.azimuth import hit_harmonic
from caloexport.validation.observables import Compute, ComputeHits, Observable, observables
from caloexport.validation.observables.occupancy import THRESHOLD_MEV
from caloexport.validation.projections import has_azimuth


def cosine(
    energies: Array,
    mesh: Mesh,
    conditions: Mapping[str, Array],
    threshold_mev: float = THRESHOLD_MEV,
) -> Float64:
    """Return the cosine moment of each layer, (n, layers)."""
    return hit_harmonic(energies, mesh, threshold_mev)[0]


def sine(
    energies: Array,
    mesh: Mesh,
    conditions: Mapping[str, Array],
    threshold_mev: float = THRESHOLD_MEV,
) -> Float64:
    """Return the sine moment of each layer, (n, layers)."""
    return hit_harmonic(energies, mesh, threshold_mev)[1]


def _register(name: str, title: str, hits: ComputeHits, compute: Compute) -> None:
    edges = lambda values, mesh: np.linspace(-1.0, 1.0, 51)
    observables.register(name)(
        Observable(title, "", "layers", compute, edges, applies=has_azimuth, hits=hits)
    )


_register("hit_cosine", "cosine moment of the hits in the layer", cosine, cosine)
_register("hit_sine", "sine moment of the hits in the layer", sine, sine)
