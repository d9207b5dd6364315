"""Showers of a sample as rows of numbers: what a distance sees of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh

#: ``"features"``: high-level features, of all showers in the order of the file. Of some showers in
#: random order: ``"energies"``, those of all cells in MeV after the readout cut, and ``"log_cells"``,
#: their log10, in which empty cells have the energy that the cut names.
Space = Literal["features", "energies", "log_cells"]


@dataclass(frozen=True, eq=False)
class Rows:
    """One row for each shower.

    Attributes:
        values: (n, d); float64 features, float32 cells in the order of the mesh.
        energy_mev: (n,) incident energies of the same showers.
        mesh: the cells.
        numbers: what the d numbers are: name of a feature list, or ``"cells"``.
        departures: in what the numbers, whatever is done with them, are not those of published
            tables: features, cells or cut; one phrase each.
    """

    values: Array
    energy_mev: Float64
    mesh: Mesh
    numbers: str
    departures: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    @property
    def width(self) -> int:
        """How many numbers a row has."""
        return int(self.values.shape[1])
