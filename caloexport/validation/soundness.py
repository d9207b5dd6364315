"""Samples that cannot be compared: cells that are no energies, and showers without any energy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from caloexport.runtime.errors import InputFileError
from caloexport.runtime.units import format_energy
from caloexport.showers.showers import Showers
from caloexport.validation.measurement import Measurement
from caloexport.validation.windows import Window


def unsound_cells(showers: Showers) -> int:
    """Return how many cells of all showers are negative or not finite.

    >>> from caloexport.runtime.mesh import CylinderMesh
    >>> from caloexport.showers import from_arrays
    >>> cells = np.array([[[[1.0, -2.0, np.nan]]]])
    >>> showers = from_arrays(cells, CylinderMesh(1, 1, 3), {"energy_mev": np.ones(1)})
    >>> unsound_cells(showers)
    2
    """
    total = 0
    for _, stored in showers.raw_chunks():
        total += stored.size - int(np.count_nonzero((stored >= 0) & (stored < np.inf)))
    return total


def require_energy(usual: Measurement, windows: Sequence[Window], where: str) -> None:
    """Refuse a reference whose showers of some energy are all empty: nothing is told against them.

    Args:
        usual: the reference.
        windows: of the incident energy.
        where: what messages call the reference.

    Raises:
        InputFileError: names the energies.
    """
    for low, high in windows:
        inside = (usual.energy_mev >= low) & (usual.energy_mev < high)
        if inside.any() and not usual.total_mev[inside].any():
            message = (
                f"all its {np.count_nonzero(inside)} showers from {format_energy(low)} to "
                f"{format_energy(high)} are empty, expected energy in their cells"
            )
            hint = "look at the file with caloexport data info; is it the full simulation?"
            raise InputFileError(message, where=where, hint=hint)
