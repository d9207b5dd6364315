"""Showers that are in both samples, which a classifier is taught to be both."""

from __future__ import annotations

from caloexport.validation.rows import Rows


def in_both(reference: Rows, generated: Rows) -> int:
    """Count the showers of the generated sample that are in the reference too, to the last bit.

    >>> import numpy as np
    >>> from caloexport.runtime.mesh import CylinderMesh
    >>> rows = lambda values: Rows(np.array(values), np.ones(2), CylinderMesh(1, 1, 2), "cells")
    >>> in_both(rows([[1.0, 2.0], [3.0, 4.0]]), rows([[1.0, 3.0], [3.0, 4.0]]))
    1
    """
    known = set(_prints(reference))
    return sum(one in known for one in _prints(generated))


def _prints(rows: Rows) -> list[int]:
    return [
        hash((row.tobytes(), energy))
        for row, energy in zip(rows.values, rows.energy_mev.tolist(), strict=True)
    ]


def note_on_copies(reference: Rows, generated: Rows) -> tuple[str, ...]:
    """Return a note where both samples have showers in common."""
    copies = in_both(reference, generated)
    if not copies:
        return ()
    return (f"{copies} generated showers are in the reference too, which lowers AUC",)
