"""AUC of boosted trees on high-level features: seconds where the challenge's network takes minutes.

See :mod:`caloexport.validation.classifiers.boosted`.
"""

from __future__ import annotations

from collections.abc import Callable

from caloexport.validation.classifiers.boosted_distance import boosted_distance
from caloexport.validation.distances import Distance, DistanceResult, distances
from caloexport.validation.rows import Rows


def compute(
    reference: Rows, generated: Rows, seed: int, tell: Callable[[str], None] = lambda text: None
) -> list[DistanceResult]:
    """Return AUC beside its floor."""
    return boosted_distance("auc_boosted", reference, generated, seed, tell=tell)


distances.register("auc_boosted")(
    Distance("AUC of boosted trees that see high-level features", "features", compute)
)
