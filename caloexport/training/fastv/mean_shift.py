"""How far the last bias moves that the mean shower made becomes the true one."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Float32, Float64
from caloexport.runtime.mesh import CylinderMesh
from caloexport.training.fastv.network import SMALLEST_FRACTION

#: by how much a logit is moved, at most
LARGEST_SHIFT = 3.0


def mean_over_azimuth(mean: Float64, mesh: CylinderMesh) -> Float64:
    """Return a mean shower (cells,) averaged over the azimuth, which it does not depend on."""
    axis = mesh.order.index("phi")
    cells = mean.reshape(mesh.shape)
    return np.broadcast_to(cells.mean(axis=axis, keepdims=True), mesh.shape).reshape(-1)


def logit_shift(true: Float64, made: Float64) -> Float32:
    """Return how far logits move (cells,) that the mean made becomes the true one.

    Cells that no true shower hits stay as they are, and none moves by more than LARGEST_SHIFT: few
    showers tell little of rare cells.

    >>> shift = logit_shift(np.array([0.5, 0.0]), np.array([0.25, 0.25]))
    >>> [f"{one:.3f}" for one in shift]
    ['1.099', '0.000']
    """
    p, q = (np.clip(mean, SMALLEST_FRACTION, 0.5) for mean in (true, made))
    shift = np.log(p / (1 - p)) - np.log(q / (1 - q))
    shift = np.clip(shift, -LARGEST_SHIFT, LARGEST_SHIFT)
    return np.where(true > 0, shift, 0.0).astype(np.float32)
