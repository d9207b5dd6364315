"""Where the cells of a mesh are, whatever its storage order and azimuth origin."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Float64, Integers
from caloexport.runtime.mesh import LayeredMesh, Mesh
from caloexport.runtime.window_mesh import WindowMesh

#: decimal places of an azimuth bin to which two meshes must agree
PLACES = 6


def places(mesh: Mesh) -> Float64:
    """Return (cells, 3): layer, ring and azimuth bin of each cell, the azimuth bin from 0 rad.

    Of a window of detector cells: layer, η and φ index.

    By bins rather than by mm, because many a file does not tell the sizes of its cells.
    """
    index = mesh.indices()
    if isinstance(mesh, WindowMesh):
        return np.stack([index["z"], index["eta"], index["phi"]], axis=1).astype(np.float64)
    if isinstance(mesh, LayeredMesh):
        n_phi = np.array([layer.n_phi for layer in mesh.layers])[index["z"]]
    else:
        n_phi = np.full(index["z"].shape, index["phi"].max() + 1)
    shift = mesh.phi_origin_rad / (2 * np.pi / n_phi)
    phi = np.mod(np.round(index["phi"] + shift, PLACES), n_phi)
    return np.stack([index["z"], index["r"], phi], axis=1)


def by_position(mesh: Mesh) -> Integers:
    """Return the cells of a mesh in an order that depends on where they are alone."""
    z, r, phi = places(mesh).T
    return np.lexsort((phi, r, z))
