"""What the low-level classifiers of the CaloChallenge see: all cells of a shower.

    low           log10 E_inc, E_cell / E_inc
    low-normed    log10 E_inc, E_cell / (E_layer + 1e-16), log10 (E_layer + 1e-8)

with energies in MeV after the readout cut. Source: code/evaluate.py
(prepare_low_data_for_classifier), which leaves out the cut for the second.
"""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.validation.classifiers.inputs import Inputs
from caloexport.validation.high_level_features import LEAST_MEV, incident_logarithm
from caloexport.validation.projections import project
from caloexport.validation.rows import Rows

#: added to the energy of a layer that is divided by, MeV
LEAST_DIVISOR_MEV = 1e-16


def low_inputs(rows: Rows) -> Inputs:
    """Return the first kind of inputs; they are made in double precision when they are read.

    Args:
        rows: cell energies.

    >>> from caloexport.runtime.mesh import CylinderMesh
    >>> cells, energy = np.array([[30.0, 60.0]]), np.array([100.0])
    >>> found = low_inputs(Rows(cells, energy, CylinderMesh(1, 1, 2), "cells"))
    >>> found.read(np.array([0])).tolist()
    [[2.0, 0.3, 0.6]]
    """

    def read(numbers: Array) -> Float64:
        cells, energy = rows.values[numbers].astype(np.float64), rows.energy_mev[numbers]
        return np.concatenate([incident_logarithm(energy), cells / energy[:, None]], axis=1)

    return Inputs(len(rows), 1 + rows.width, read)


def low_normed_inputs(rows: Rows) -> Inputs:
    """Return the second kind of inputs, as :func:`low_inputs` does.

    >>> from caloexport.runtime.mesh import CylinderMesh
    >>> cells, energy = np.array([[30.0, 70.0]]), np.array([10.0])
    >>> found = low_normed_inputs(Rows(cells, energy, CylinderMesh(2, 1, 1), "cells"))
    >>> found.read(np.array([0])).round(6).tolist()
    [[1.0, 0.3, 0.7, 2.0]]
    """
    mesh, layer = rows.mesh, rows.mesh.indices()["z"]

    def read(numbers: Array) -> Float64:
        cells, energy = rows.values[numbers].astype(np.float64), rows.energy_mev[numbers]
        sums = project(cells.reshape(len(cells), *mesh.shape), mesh, "z")
        cells /= (sums + LEAST_DIVISOR_MEV)[:, layer]
        columns = [incident_logarithm(energy), cells, np.log10(sums + LEAST_MEV)]
        return np.concatenate(columns, axis=1)

    return Inputs(len(rows), 1 + rows.width + mesh.n_layers, read)
