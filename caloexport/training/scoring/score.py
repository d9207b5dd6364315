"""The score: one number for a decoder, smaller is better.

``"physics"``: the weighted mean over the criteria of a kind of mesh (``criteria.py``). The
deviation of a criterion is the mean over all energies, detectors and layers of

    s(d) = d/√(1 + (d/cap)²),   d = √(x² - e²)/tolerance, 0 where |x| is below its error e

where x is the relative difference of mean or width, or the separation power above its floor
(then the root of it all, see ``deviation.py``). Separation power S and χ² are the same up to the
number of showers, χ² = 2 n S for n of each, but S does not grow with n: scores compare between
runs that hold back more and fewer. 0 is a generator that cannot be told from full simulation, 1 one
that is off by its tolerance everywhere. So a perfect one, scored on as many showers, has some
0.1 to 0.5: the floor, measured with true showers that are not held back.

``"fastcalogan"``: Σχ²/Σndf of the total energy over all energies; 1 for a perfect generator
(ATL-SOFT-PUB-2020-006; see ``caloexport.validation.metrics.chi2_ndf``).

Errors: of the first the spread over bootstrap resamplings of the showers held back together with
those generated; of the second that of a non-central χ². Two decoders scored on the same showers
share most of it, so their difference is known better.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from caloexport.training.scoring.criteria import Criteria
from caloexport.training.scoring.deviation import saturated
from caloexport.training.scoring.row import Row, number
from caloexport.training.scoring.table import Compared
from caloexport.validation.metrics.chi2_ndf import combined


@dataclass(frozen=True)
class Score:
    """A score with its error.

    Attributes:
        value: infinite for showers that are no numbers.
        error: standard error.
    """

    value: float = math.inf
    error: float = math.inf

    def __str__(self) -> str:
        return f"{self.value:.3f} ± {self.error:.2g}"


@dataclass(frozen=True)
class Scored:
    """A decoder's scores and its table.

    Attributes:
        physics, fastcalogan: both scores.
        rows: what they come from; none if the showers are no numbers.
    """

    physics: Score = Score()
    fastcalogan: Score = Score()
    rows: list[Row] = field(default_factory=list)

    def picked(self, pick: str) -> Score:
        """Return the score by which decoders are ranked."""
        return self.physics if pick == "physics" else self.fastcalogan

    def columns(self) -> dict[str, Any]:
        """Return what the history keeps of it; None for what is no number."""
        response = [row for row in self.rows if row.observable == "response"]
        means = [row.mean_ratio for row in response if row.mean_ratio is not None]
        widths = [row.width_ratio for row in response if row.width_ratio is not None]
        found: dict[str, float] = {
            "physics": self.physics.value,
            "fastcalogan": self.fastcalogan.value,
            "worst_mean": max((abs(one - 1) for one in means), default=math.inf),
            "worst_width": max((abs(one - 1) for one in widths), default=math.inf),
        }
        found |= {f"worst_{name}": distance for name, distance in self.profiles().items()}
        return {name: number(value) for name, value in found.items()}

    def profiles(self) -> dict[str, float]:
        """Return the largest L1 distance of each normalised mean profile, over detectors and energies."""
        found: dict[str, float] = {}
        for row in self.rows:
            if row.l1 is not None:
                found[row.observable] = max(found.get(row.observable, 0.0), row.l1)
        return found


def scored(compared: Compared, criteria: Criteria) -> Scored:
    """Make the scores of what an evaluation found."""
    values, resampled, weights = [], [], []
    for place, criterion in enumerate(criteria.criteria):
        deviations = compared.deviations[place]
        if deviations and criterion.weight:
            alone = np.array([one for one, _ in deviations])
            values.append(float(saturated(alone, criteria.cap).mean()))
            spread = np.array([many for _, many in deviations])
            resampled.append(saturated(spread, criteria.cap).mean(axis=0))
            weights.append(criterion.weight)
    physics = Score()
    if values:
        error = float(np.average(resampled, axis=0, weights=weights).std(ddof=1))
        physics = Score(float(np.average(values, weights=weights)), error)
    chi2 = combined(compared.chi2)
    told = chi2.error is not None
    fastcalogan = Score(chi2.value, chi2.error or 0.0) if told else Score()
    return Scored(physics, fastcalogan, compared.rows)
