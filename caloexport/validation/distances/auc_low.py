"""AUC and JSD of the CaloChallenge's network on all cells, as fractions of the incident energy.

See :mod:`caloexport.validation.classifiers.challenge` for what is trained and quoted.
"""

from __future__ import annotations

from caloexport.validation.classifiers.cell_inputs import low_inputs
from caloexport.validation.classifiers.network_distance import LIBRARIES, network_distance
from caloexport.validation.distances import Distance, DistanceResult, Tell, distances, silence
from caloexport.validation.rows import Rows


def compute(
    reference: Rows, generated: Rows, seed: int, tell: Tell = silence
) -> list[DistanceResult]:
    """Return AUC after and before calibration and JSD."""
    return network_distance("low", low_inputs, reference, generated, seed, tell=tell)


distances.register("auc_low")(
    Distance(
        "AUC of a network that sees all cells",
        "energies",
        compute,
        libraries=LIBRARIES,
        trains=True,
    )
)
