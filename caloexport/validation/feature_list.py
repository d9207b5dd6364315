"""Which numbers per shower FPD and KPD are made of, by the mesh.

    calochallenge          high-level features of cylinders and layers of rings
    calochallenge-early    those of before 27 November 2023, as in older papers
    window                 observables of windows of detector cells

Of windows these are: log10 of the incident energy, of each layer's and of the total; the share of
empty cells; mean η and φ less those of the impact and widths in η and φ, by layer; R(η), R(φ),
w(η2), E_ratio, w(η1) and w(s tot), as far as mesh and conditions have them. What a shower has not
is 0, as in the challenge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.high_level_features import (
    EARLY_GROUPS,
    GROUPS,
    LEAST_MEV,
    feature_matrix,
    high_level,
    incident_logarithm,
)
from caloexport.validation.observables import applicable, observables
from caloexport.validation.projections import has_radius

WINDOW_OBSERVABLES = (
    "layer_energy", "total_energy", "sparsity", "eta_offset", "phi_offset", "eta_width",
    "phi_width", "r_eta", "r_phi", "w_eta2", "e_ratio", "w_eta1", "w_stot",
)  # fmt: skip

Compute = Callable[[Array, Mesh, Mapping[str, Array]], Float64]


@dataclass(frozen=True)
class FeatureList:
    """Numbers per shower by which whole showers are compared.

    Attributes:
        name: as above.
        compute: (energies (k, *mesh shape) MeV after the readout cut, mesh, conditions) -> (k, d).
        departures: why results are none to hold against published ones, as far as the list goes.
    """

    name: str
    compute: Compute
    departures: tuple[str, ...] = ()


def feature_list(mesh: Mesh, *, early: bool = False) -> FeatureList:
    """Return the list for a mesh.

    Args:
        mesh: the cells.
        early: take the short list of the CaloChallenge, where there is one.

    >>> from caloexport.runtime.window_mesh import ATLAS_WINDOW
    >>> feature_list(ATLAS_WINDOW).name
    'window'
    """
    if not has_radius(mesh):
        return FeatureList("window", _window)
    if early:
        text = "the short list of features, of before 27 November 2023"
        return FeatureList("calochallenge-early", _high_level(EARLY_GROUPS), (text,))
    return FeatureList("calochallenge", _high_level(tuple(GROUPS)))


def _high_level(groups: tuple[str, ...]) -> Compute:
    return lambda energies, mesh, conditions: feature_matrix(
        high_level(energies, mesh), conditions["energy_mev"], groups
    )


def _window(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    columns = [incident_logarithm(conditions["energy_mev"])]
    possible = applicable(mesh, conditions)
    sound = np.isfinite(energies.reshape(len(energies), -1)).all(axis=1)
    for name in WINDOW_OBSERVABLES:
        if name not in possible:
            continue
        observable = observables[name]
        found = observable.compute(energies, mesh, conditions)
        told = [np.isfinite(np.asarray(conditions[need], np.float64)) for need in observable.needs]
        # of a sound shower only what is empty has no number; of a damaged one NaN must be seen
        empty = np.isnan(found.T) & np.all([sound, *told], axis=0)
        found = np.where(empty.T, 0.0, found)
        columns.append(np.log10(found + LEAST_MEV) if name.endswith("_energy") else found)
    return np.column_stack(columns)
