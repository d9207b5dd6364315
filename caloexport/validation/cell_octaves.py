"""Count the cells of a shower by their energy, a bin for each factor of two."""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.validation.observables.occupancy import THRESHOLD_MEV

#: cells of 2**(FIRST - 1) to 2**FIRST MeV, in which the readout cut lies, are the first bin
FIRST = -10
#: up to 2**22 MeV, or 4 TeV
BINS = 33


def cell_octaves(energies: Array, threshold_mev: float = THRESHOLD_MEV) -> Float64:
    """Return the number of cells in each octave, (n, BINS); those below the readout cut are left out.

    Args:
        energies: (n, *mesh shape) MeV.
        threshold_mev: readout cut.

    >>> cell_octaves(np.array([[0.0, 1e-4, 6e-4, 3.0, 3.9]]))[0].nonzero()[0].tolist()
    [0, 12]
    """
    n, flat = len(energies), energies.reshape(-1)
    hits = np.flatnonzero(flat > threshold_mev)
    octaves = np.frexp(flat[hits])[1] - FIRST
    rows = hits // math.prod(energies.shape[1:])
    counts = np.bincount(rows * BINS + np.clip(octaves, 0, BINS - 1), minlength=BINS * n)
    return counts.reshape(n, BINS).astype(np.float64)
