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


@dataclass(frozen=True)
class FeatureList:
    """Numbers per shower by which whole showers are compared.

    Attributes:
        name: as above.
        compute: (energies (k, *mesh shape) MeV after the readout cut, mesh, conditions) -> (k, d).
    """

    name: str
    compute: Callable[[Array, Mesh, Mapping[str, Array]], Float64]


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
    groups = EARLY_GROUPS if early else tuple(GROUPS)
    return FeatureList(
        "calochallenge-early" if early else "calochallenge",
        lambda energies, mesh, conditions: feature_matrix(
            high_level(energies, mesh), conditions["energy_mev"], groups
        ),
    )


def _window(energies: Array, mesh: Mesh, conditions: Mapping[str, Array]) -> Float64:
    columns = [incident_logarithm(conditions["energy_mev"])]
    possible = applicable(mesh, conditions)
    for name in WINDOW_OBSERVABLES:
        if name in possible:
            found = np.nan_to_num(observables[name].compute(energies, mesh, conditions))
            columns.append(np.log10(found + LEAST_MEV) if name.endswith("_energy") else found)
    return np.column_stack(columns)
