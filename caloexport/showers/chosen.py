"""Some showers of a file, chosen by their incident energy."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array, Integers
from caloexport.runtime.errors import UsageError
from caloexport.runtime.units import format_energy
from caloexport.showers.showers import Showers


def with_energies(showers: Showers, low_mev: float, high_mev: float) -> Showers:
    """Return the showers whose incident energy lies in a range, read when asked for.

    Closing the result closes the showers. Its attribute ``chosen_energies`` tells the range.

    Args:
        showers: of a file or of memory.
        low_mev, high_mev: ends, which belong to the range.

    Raises:
        UsageError: there are none.

    >>> from caloexport.runtime.mesh import CylinderMesh
    >>> from caloexport.showers import from_arrays
    >>> cells = np.arange(3.0).reshape(3, 1, 1, 1)
    >>> showers = from_arrays(cells, CylinderMesh(1, 1, 1), {"energy_mev": np.array([9.0, 1.0, 5.0])})
    >>> with_energies(showers, 4.0, 10.0).read().ravel().tolist()
    [0.0, 2.0]
    """
    energy_mev = np.asarray(showers.conditions["energy_mev"])
    rows = np.flatnonzero((energy_mev >= low_mev) & (energy_mev <= high_mev))
    told = _told(low_mev, high_mev)
    if not len(rows):
        message = f"has no shower of {told}"
        hint = f"it has showers of {_told(float(energy_mev.min()), float(energy_mev.max()))}"
        beyond = np.maximum(low_mev - energy_mev, energy_mev - high_mev)
        nearest = format_energy(float(energy_mev[np.argmin(beyond)]))
        raise UsageError(message, where=showers.name, hint=f"{hint}, the nearest of {nearest}")
    return _Chosen(showers, rows, told)


def _told(low_mev: float, high_mev: float) -> str:
    return " to ".join(dict.fromkeys(map(format_energy, (low_mev, high_mev))))


class _Chosen(Showers):
    """Rows of other showers, named by their number there; block by block, so as to need no more memory."""

    def __init__(self, showers: Showers, rows: Integers, told: str) -> None:
        self._all, self._chosen = showers, rows
        super().__init__(
            showers.name,
            showers.format,
            showers.mesh,
            {name: np.asarray(values)[rows] for name, values in showers.conditions.items()},
            self._read_rows,
            attributes={**showers.attributes, "chosen_energies": told},
            stored_dtype=showers.stored_dtype,
            close=showers.close,
        )

    def _read_rows(self, start: int, stop: int) -> Array:
        rows, size = self._chosen[start:stop], self._all.block_size
        pieces = [np.empty((0, *self.mesh.shape), dtype=self.stored_dtype)]
        for block in np.unique(rows // size):
            here = rows[rows // size == block]
            stored = self._all.read_raw(slice(int(here[0]), int(here[-1]) + 1))
            pieces.append(stored.reshape(-1, *self.mesh.shape)[here - here[0]])
        return np.concatenate(pieces)

    def _number(self, row: int) -> int:
        return int(self._chosen[row])
