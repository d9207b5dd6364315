"""Cell sizes of published cylinders, for files that do not tell theirs.

Sources: the macros of the Geant4 example Par04 and the data of Zenodo 6082201 (SiW, SciPb).
"""

from __future__ import annotations

#: (geometry, cells) -> (r, z) cell size in mm
CELL_SIZES: dict[tuple[str, tuple[int, ...]], tuple[float, float]] = {
    ("siw", (18, 50, 45)): (2.325, 3.4),
    ("siw", (9, 16, 45)): (4.65, 3.4),
    ("scipb", (18, 50, 45)): (4.0, 5.6),
}


def cell_sizes(geometry: str, shape: tuple[int, ...]) -> tuple[float | None, float | None]:
    """Return the cell sizes (r, z) in mm, None where they are not known.

    >>> cell_sizes("SiW", (18, 50, 45)), cell_sizes("odd", (18, 50, 45))
    ((2.325, 3.4), (None, None))
    """
    known = CELL_SIZES.get((geometry.lower(), shape))
    return (None, None) if known is None else known
