"""What shower files tell before their cells are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from caloexport.runtime.arrays import Array
from caloexport.runtime.files import existing_file
from caloexport.runtime.mesh import Mesh
from caloexport.showers.open import open_showers
from caloexport.training.data import conditions_in


@dataclass(frozen=True)
class Glance:
    """A shower file, but for its energies.

    Attributes:
        path: of the file.
        n: number of showers.
        mesh: their cells.
        conditions: by name (n,), as a training has them.
    """

    path: Path
    n: int
    mesh: Mesh
    conditions: Mapping[str, Array]

    def values(self, condition: str) -> set[str]:
        """Return the different values of a condition as text; none where the file does not tell."""
        return set(map(str, self.conditions.get(condition, ())))


def glances(paths: Sequence[Path]) -> list[Glance]:
    """Look at shower files.

    Raises:
        InputFileError: one is missing or damaged.
    """
    found = []
    for path in paths:
        with open_showers(existing_file(path, "shower file")) as source:
            found.append(Glance(path, source.n, source.mesh, conditions_in(source)))
    return found
