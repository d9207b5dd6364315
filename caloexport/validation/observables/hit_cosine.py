"""Azimuthal cosine of hits in each layer: Σ r cos φ/Σ r over cells above the readout cut.

See :mod:`caloexport.validation.azimuth`. A layer without hits, or without cuts in azimuth, has none: NaN.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.azimuth import hit_harmonic
from caloexport.validation.observables import Observable, observables
from caloexport.validation.projections import has_azimuth


def compute(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    """Return the cosine moment of each layer, (n, layers)."""
    return hit_harmonic(energies, mesh)[0]


observables.register("hit_cosine")(
    Observable(
        "cosine moment of the hits in the layer",
        "",
        "layers",
        compute,
        lambda values, mesh: np.linspace(-1.0, 1.0, 51),
        applies=has_azimuth,
    )
)
