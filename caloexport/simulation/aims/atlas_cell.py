"""Aim at a cell: where in it the particle enters, and how the cell lies among coarser ones.

The planes of a detector are the same everywhere, so the particle starts at the origin and the cells
move instead: the point is a condition of the shower that the window of cells takes into account. The names are
those of Athena's DNNCaloSim.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from caloexport.runtime.errors import UsageError
from caloexport.simulation.aims import aims
from caloexport.simulation.detector import Detector


@aims.register("atlas-cell")
def atlas_cell(
    detector: Detector, random: np.random.Generator
) -> tuple[tuple[float, float], Mapping[str, float]]:
    """Draw a point in the impact cell and the alignment of the cells, both uniformly.

    Returns:
        the origin, and ``ripos_eta``, ``ripos_phi`` (rad) from the centre of the cell, ``pconfig`` (0 to
        3), ``econfig`` (0, 1): see :mod:`caloexport.runtime.window_mesh`.

    Raises:
        UsageError: the detector has no window of cells.
    """
    from caloexport.simulation.scorings.window import window_mesh

    windows = [one for one in detector.scorings.values() if one.kind == "window"]
    if not windows:
        message = "the aim atlas-cell needs a mesh of the kind window"
        raise UsageError(message, where=detector.name, hint='or aim = "centre"')
    mesh = window_mesh(windows[0].parameters or {})
    cell = mesh.layers[mesh.reference]
    eta, phi = random.uniform(-0.5, 0.5, 2) * (cell.d_eta, cell.d_phi)
    return (0.0, 0.0), {
        "ripos_eta": float(eta),
        "ripos_phi": float(phi),
        "pconfig": int(random.integers(4)),
        "econfig": int(random.integers(2)),
    }
