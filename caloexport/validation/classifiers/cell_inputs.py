"""What the low-level classifiers of the CaloChallenge see: all cells of a shower.

    low           log10 E_inc, E_cell / E_inc
    low-normed    log10 E_inc, E_cell / (E_layer + 1e-16), log10 (E_layer + 1e-8)

with energies in MeV after the readout cut. Source: code/evaluate.py
(prepare_low_data_for_classifier), which leaves out the cut for the second.
"""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh, n_cells
from caloexport.validation.classifiers.inputs import Inputs
from caloexport.validation.high_level_features import LEAST_MEV, incident_logarithm
from caloexport.validation.projections import project

#: added to the energy of a layer that is divided by, MeV
LEAST_DIVISOR_MEV = 1e-16


def low_inputs(cells_mev: Array, energy_mev: Float64, mesh: Mesh) -> Inputs:
    """Return the first kind of inputs; they are made in double precision when they are read.

    Args:
        cells_mev: (n, cells) in the order of the mesh.
        energy_mev: (n,) incident.
        mesh: the cells.

    >>> from caloexport.runtime.mesh import CylinderMesh
    >>> mesh = CylinderMesh(1, 1, 2)
    >>> low_inputs(np.array([[30.0, 60.0]]), np.array([100.0]), mesh).read(np.array([0])).tolist()
    [[2.0, 0.3, 0.6]]
    """

    def read(numbers: Array) -> Float64:
        cells, energy = cells_mev[numbers].astype(np.float64), energy_mev[numbers]
        return np.concatenate([incident_logarithm(energy), cells / energy[:, None]], axis=1)

    return Inputs(len(cells_mev), 1 + n_cells(mesh), read)


def low_normed_inputs(cells_mev: Array, energy_mev: Float64, mesh: Mesh) -> Inputs:
    """Return the second kind of inputs, as :func:`low_inputs` does.

    >>> from caloexport.runtime.mesh import CylinderMesh
    >>> mesh = CylinderMesh(2, 1, 1)
    >>> found = low_normed_inputs(np.array([[30.0, 70.0]]), np.array([10.0]), mesh)
    >>> found.read(np.array([0])).round(6).tolist()
    [[1.0, 0.3, 0.7, 2.0]]
    """
    layer = mesh.indices()["z"]

    def read(numbers: Array) -> Float64:
        cells, energy = cells_mev[numbers].astype(np.float64), energy_mev[numbers]
        sums = project(cells.reshape(len(cells), *mesh.shape), mesh, "z")
        cells /= (sums + LEAST_DIVISOR_MEV)[:, layer]
        columns = [incident_logarithm(energy), cells, np.log10(sums + LEAST_MEV)]
        return np.concatenate(columns, axis=1)

    return Inputs(len(cells_mev), 1 + n_cells(mesh) + mesh.n_layers, read)
