"""Cells of the middle layer around its hottest one, which ATLAS' shower shapes sum.

The middle layer is that of the impact cell. The hottest cell is looked for in all of its window; cells
that would lie outside do not exist in the data and count nothing.

Source: ATLAS-experiment/athena, Reconstruction/egamma/egammaCaloUtils/src/egammaMiddleShape.cxx.
"""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array, Float64, Integers
from caloexport.runtime.mesh import Mesh
from caloexport.validation.window_layers import is_window, layer_cells


def hottest_cell(energies: Array, mesh: Mesh) -> tuple[Integers, Integers]:
    """Return the η and φ index of the hottest middle cell, (n,) each; the first of equals."""
    assert is_window(mesh)
    cells = layer_cells(energies, mesh, mesh.reference)
    eta, phi = np.divmod(cells.reshape(len(cells), -1).argmax(axis=1), cells.shape[2])
    return eta, phi


def middle_window(energies: Array, mesh: Mesh, n_eta: int, n_phi: int) -> Float64:
    """Return the middle layer with 0 outside n_eta x n_phi cells around the hottest, (n, η, φ).

    Args:
        energies: (n, cells) MeV.
        mesh: a window.
        n_eta, n_phi: odd.
    """
    assert is_window(mesh)
    cells = layer_cells(energies, mesh, mesh.reference)
    inside = [
        np.abs(np.arange(size) - hot[:, None]) <= reach // 2
        for size, hot, reach in zip(
            cells.shape[1:], hottest_cell(energies, mesh), (n_eta, n_phi), strict=True
        )
    ]
    return np.asarray(cells * inside[0][:, :, None] * inside[1][:, None, :], dtype=np.float64)


def window_ratio(
    energies: Array, mesh: Mesh, inner: tuple[int, int], outer: tuple[int, int]
) -> Float64:
    """Return the energy in a small window over that in a large one, (n,); NaN without energy."""
    above, below = (
        middle_window(energies, mesh, *sizes).reshape(len(energies), -1).sum(axis=1)
        for sizes in (inner, outer)
    )
    return np.divide(above, below, where=below > 0, out=np.full_like(below, np.nan))
