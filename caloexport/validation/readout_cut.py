"""Readout cut: cells below it hold nothing, in both samples, before anything is compared.

The CaloChallenge cuts at 1 MeV in set 1 and at 0.5 keV / 0.033 = 15.15 keV in sets 2 and 3, whose
cells are the energy in the active layers times 1/0.033 (code/evaluate.py). Par04 cuts deposited
energies at 0.5 keV, which is the same cut.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.mesh import LayeredMesh, n_cells
from caloexport.showers.facts import (
    ATLAS_VOXELS,
    CHALLENGE_SAMPLING_FRACTION,
    SCALED_VOXELS,
    unit_facts,
)
from caloexport.showers.showers import Showers
from caloexport.validation.observables.occupancy import THRESHOLD_MEV

#: of CaloChallenge set 1
ATLAS_THRESHOLD_MEV = 1.0
#: what the challenge takes for empty cells under a logarithm
EMPTY_MEV = 0.1


@dataclass(frozen=True)
class ReadoutCut:
    """From which energy on a cell counts.

    Attributes:
        threshold_mev: cells below hold nothing.
        empty_mev: energy that stands for an empty cell under a logarithm.
    """

    threshold_mev: float
    empty_mev: float = EMPTY_MEV

    def apply(self, energies: Array) -> Array:
        """Return energies in which cells below the cut are 0; the given ones stay as they are.

        Where no cell is cut those themselves are returned, of which others may know much already.

        >>> ReadoutCut(1.0).apply(np.array([0.5, 1.0, 3.0])).tolist()
        [0.0, 1.0, 3.0]
        """
        above = energies >= self.threshold_mev
        if np.count_nonzero(above) == np.count_nonzero(energies != 0):  # of floats it is slow
            return energies
        return np.asarray(energies * above)


def readout_cut(showers: Showers) -> ReadoutCut:
    """Return the cut of a sample, by its mesh and by what its file says of the energies.

    >>> from caloexport.showers import open_showers, sample
    >>> readout_cut(open_showers(sample("siw"))).threshold_mev
    0.0005
    """
    if isinstance(showers.mesh, LayeredMesh) and n_cells(showers.mesh) in ATLAS_VOXELS:
        return ReadoutCut(ATLAS_THRESHOLD_MEV)
    scale = _energy_scale(showers)
    return ReadoutCut(THRESHOLD_MEV * scale, EMPTY_MEV * CHALLENGE_SAMPLING_FRACTION * scale)


def _energy_scale(showers: Showers) -> float:
    """Return the factor on the deposited energy: what the file says, else what is usual."""
    told = unit_facts(showers)["energy_scale"]
    if told is not None:
        return float(told)
    published = showers.format == "calochallenge" and n_cells(showers.mesh) in SCALED_VOXELS
    return 1 / CHALLENGE_SAMPLING_FRACTION if published else 1.0
