"""Showers of a few cells in the challenge's order, of hits thrown about an axis: made in no time."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers import from_arrays
from caloexport.showers.showers import Showers

MESH = CylinderMesh(3, 4, 2, 4.65, 3.4, ("z", "phi", "r"))


def cylinder_showers(n: int, seed: int, scale: float = 1.0) -> Showers:
    """Make n showers of 1 to 8 GeV, of which some layers and many cells are empty."""
    random = np.random.default_rng(seed)
    energy = random.uniform(1e3, 8e3, n)
    cells = random.exponential(1.0, (n, *MESH.shape))
    cells[random.random(cells.shape) < 0.4] = 0
    cells[random.random((n, MESH.n_z)) < 0.05] = 0
    shares = cells / np.maximum(cells.sum(axis=(1, 2, 3), keepdims=True), 1e-9)
    cells = scale * shares * (energy * random.normal(1, 0.05, n))[:, None, None, None]
    return from_arrays(cells.astype(np.float32), MESH, {"energy_mev": energy}, name=f"seed {seed}")
