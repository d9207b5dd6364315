"""Which layer of a mesh the slabs of a detector belong to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from caloexport.runtime.arrays import Array, Integers
from caloexport.runtime.errors import UsageError
from caloexport.simulation.detector import Detector


def slab_layers(detector: Detector, ids: Sequence[int], counts: Array, mesh: str) -> Integers:
    """Return for every slab the place of its layer in ``ids``, -1 if its deposits do not count.

    Args:
        detector: its slabs name their layer.
        ids: layers of the mesh, by the detector's own numbers.
        counts: (n_slabs,) bool, whose deposits count.
        mesh: its name, for messages.

    Raises:
        UsageError: no slab that counts is in any of the layers.
    """
    place = {layer: at for at, layer in enumerate(ids)}
    slabs = zip(detector.every_slab, counts, strict=True)
    found = np.array([place.get(slab.layer, -1) if counted else -1 for slab, counted in slabs])
    if (found < 0).all():
        message = f"mesh '{mesh}' has the layers {', '.join(map(str, ids))}, which no slab is in"
        raise UsageError(message, where=detector.name, hint="give slabs their layer = NUMBER")
    return found
