"""How energy and hits lie around the particle's axis.

A particle that enters at an angle leaves part of the mesh around its axis outside of the detector: on
one side the first layers are missing, the more of them the farther a cell lies from the axis. The energy
there is a thousandth of the shower, so that sums of energy hardly see it; whether cells are hit does.
That is why hits count, as much as they lie away from the axis:

    cosine = Σ r cos φ / Σ r        sine = Σ r sin φ / Σ r        over the hits of a layer

The cosine is that of the plane of incidence, where azimuth counts from that plane; the sine then
vanishes on average. Without inclination both do.
"""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.layer_moments import COORDINATES, extended, positions
from caloexport.validation.observables.occupancy import THRESHOLD_MEV
from caloexport.validation.once_per_block import once
from caloexport.validation.projections import axis_edges, layer_sums


def first_harmonic(profile: Float64, mesh: Mesh) -> tuple[Float64, Float64]:
    """Return Σ E cos φ/ΣE and Σ E sin φ/ΣE of each shower, (n,) each; NaN without energy.

    Args:
        profile: (n, azimuth cells) MeV, of :func:`~caloexport.validation.projections.project`.
        mesh: the cells.

    >>> from caloexport.runtime.mesh import CylinderMesh
    >>> first_harmonic(np.array([[0.0, 3.0, 0.0, 1.0]]), CylinderMesh(1, 4, 1, phi_origin_rad=0.0))
    (array([-0.35355339]), array([0.35355339]))
    """
    edges = axis_edges(mesh, "phi")[0]
    return _harmonic(profile, (edges[:-1] + edges[1:]) / 2)


def harmonic_length(profile: Float64, phi_rad: Float64) -> Float64:
    """Return |Σ E exp(iφ)|/ΣE of each shower, (n,); NaN without energy.

    Args:
        profile: (n, bins) MeV.
        phi_rad: (bins,) middles of the bins.
    """
    return np.asarray(np.hypot(*_harmonic(profile, phi_rad)))


@once
def hit_harmonic(
    energies: Array, mesh: Mesh, threshold_mev: float = THRESHOLD_MEV
) -> tuple[Float64, Float64]:
    """Return cosine and sine of the hits of each layer, (n, layers) each; NaN without hits.

    Args:
        energies: (n, *mesh shape) MeV.
        mesh: cells around the axis.
        threshold_mev: readout cut, above which a cell is hit.

    >>> from caloexport.runtime.mesh import CylinderMesh
    >>> mesh = CylinderMesh(1, 4, 1, 2.0, 3.0, phi_origin_rad=0.0)
    >>> cosine, sine = hit_harmonic(np.array([0.0, 3.0, 0.0, 0.0]).reshape(1, 1, 4, 1), mesh)
    >>> cosine.round(4).tolist(), sine.round(4).tolist()
    ([[-0.7071]], [[0.7071]])
    """
    weights = np.stack([positions(mesh, coordinate) for coordinate in COORDINATES], axis=1)
    sums = layer_sums(energies > threshold_mev, mesh, weights)
    away, along, across = (sums[:, :, k] for k in range(3))
    told = (away > 0) & extended(mesh, "phi")
    cosine, sine = (
        np.divide(part, away, where=told, out=np.full_like(away, np.nan))
        for part in (along, across)
    )
    return cosine, sine


def _harmonic(profile: Float64, phi: Float64) -> tuple[Float64, Float64]:
    total = profile.sum(axis=1)
    cosine, sine = (
        np.divide(
            (profile * wave).sum(axis=1), total, where=total > 0, out=np.full_like(total, np.nan)
        )
        for wave in (np.cos(phi), np.sin(phi))
    )
    return cosine, sine
