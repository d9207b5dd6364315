"""The layers of a window of detector cells, and the parts that they play in shower shapes."""

from __future__ import annotations

from typing import TypeGuard

from caloexport.runtime.arrays import Array
from caloexport.runtime.mesh import Mesh
from caloexport.runtime.window_mesh import WindowMesh


def is_window(mesh: Mesh) -> TypeGuard[WindowMesh]:
    """Say whether the cells are a window around an impact cell."""
    return isinstance(mesh, WindowMesh)


def strips_of(mesh: WindowMesh) -> int | None:
    """Return the number (from 0) of the layer of strips; None where no layer has any.

    Strips are the cells that are finest in η, if they are finer than those of the reference layer.

    >>> from caloexport.runtime.window_mesh import ATLAS_WINDOW
    >>> strips_of(ATLAS_WINDOW)
    1
    """
    finest = min(range(mesh.n_layers), key=lambda z: mesh.layers[z].d_eta)
    fine = 1.5 * mesh.layers[finest].d_eta < mesh.layers[mesh.reference].d_eta
    return finest if fine else None


def has_strips(mesh: Mesh) -> TypeGuard[WindowMesh]:
    """Say whether the cells are a window with strips."""
    return is_window(mesh) and strips_of(mesh) is not None


def layer_cells(energies: Array, mesh: WindowMesh, z: int) -> Array:
    """Return the cells of one layer, (n, η, φ).

    Args:
        energies: (n, cells).
        mesh: the window.
        z: number of the layer, from 0.

    >>> import numpy as np
    >>> from caloexport.runtime.window_mesh import ATLAS_WINDOW
    >>> layer_cells(np.zeros((5, 266)), ATLAS_WINDOW, 2).shape
    (5, 7, 7)
    """
    sizes = [layer.n_eta * layer.n_phi for layer in mesh.layers]
    start, layer = sum(sizes[:z]), mesh.layers[z]
    flat = energies.reshape(len(energies), -1)[:, start : start + sizes[z]]
    return flat.reshape(len(energies), layer.n_eta, layer.n_phi)
