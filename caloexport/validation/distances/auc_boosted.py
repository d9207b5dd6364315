"""AUC of boosted trees on high-level features: seconds where the challenge's network takes minutes.

See :mod:`caloexport.validation.classifiers.boosted`.
"""

from __future__ import annotations

from caloexport.validation.classifiers.boosted_distance import LIBRARIES, boosted_distance
from caloexport.validation.distances import Distance, DistanceResult, Tell, distances, silence
from caloexport.validation.rows import Rows


def compute(
    reference: Rows, generated: Rows, seed: int, tell: Tell = silence
) -> list[DistanceResult]:
    """Return AUC beside its floor."""
    return boosted_distance("auc_boosted", reference, generated, seed, tell=tell)


distances.register("auc_boosted")(
    Distance(
        "AUC of boosted trees that see high-level features",
        "features",
        compute,
        libraries=LIBRARIES,
    )
)
