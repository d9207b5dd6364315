"""AUC of boosted trees on how cells lie beside each other, which high-level features do not see.

See :mod:`caloexport.validation.classifiers.local_correlations`, which cylinders of cells have.
"""

from __future__ import annotations

from dataclasses import replace

from caloexport.runtime.mesh import CylinderMesh
from caloexport.validation.classifiers.boosted_distance import LIBRARIES, boosted_distance
from caloexport.validation.classifiers.local_correlations import local_correlations
from caloexport.validation.distances import (
    Distance,
    DistanceResult,
    Tell,
    distances,
    silence,
    undecided,
)
from caloexport.validation.rows import Rows

NAME = "auc_local"


def compute(
    reference: Rows, generated: Rows, seed: int, tell: Tell = silence
) -> list[DistanceResult]:
    """Return AUC beside its floor; nothing can be said of cells that are in no cylinder."""
    if not isinstance(reference.mesh, CylinderMesh):
        note = "needs a cylinder of cells, in which it is told which of them are neighbours"
        return [undecided(NAME, reference, generated, note)]
    return boosted_distance(NAME, _told(reference), _told(generated), seed, tell=tell)


def _told(rows: Rows) -> Rows:
    assert isinstance(rows.mesh, CylinderMesh)
    values = local_correlations(rows.values, rows.energy_mev, rows.mesh)
    return replace(rows, values=values, numbers="local correlations")


distances.register(NAME)(
    Distance(
        "AUC of boosted trees that see neighbouring cells", "energies", compute, libraries=LIBRARIES
    )
)
