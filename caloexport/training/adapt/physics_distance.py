"""FPD of generated showers from those held out, cheap enough to be taken dozens of times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import Mesh
from caloexport.validation.distances.fpd import fpd, fpd_floor, sample_sizes, showers_needed
from caloexport.validation.drawn_distance import SHARE
from caloexport.validation.estimate import Estimate
from caloexport.validation.feature_list import FeatureList, feature_list
from caloexport.validation.halves import size_ratio

#: for each size: the fit's error is far below the floor; published values have 20
DRAWS = 3
#: how showers of several energies are treated
MIXTURE = (
    "all energies together, which occur alike in both samples; log10 of the incident energy is a "
    "feature, and the spread between energies a part of the covariance"
)

SINGLE = "one energy, which is no feature"


def affordable_features(mesh: Mesh, conditions: dict[str, Array]) -> FeatureList | str:
    """Return the longest list of features that so many showers allow, or why there is none.

    Args:
        mesh: the cells.
        conditions: of all showers, (n,) each.
    """
    n = len(conditions["energy_mev"])
    one = {name: values[:1] for name, values in conditions.items()}
    width = 0
    for early in (False, True):
        features = feature_list(mesh, early=early)
        width = features.compute(np.zeros((1, *mesh.shape)), mesh, one).shape[1]
        if n >= showers_needed(width):
            return features
    return f"needs {showers_needed(width)} test showers for {width} features, there are {n}"


@dataclass(frozen=True)
class PhysicsDistance:
    """FPD from one sample.

    Attributes:
        reference: features (n, d) of full simulation.
        features: name of their list.
        single: the sample has one incident energy, which is the first feature and left out.
        floor, floor_error: of two samples of this size and law.
    """

    reference: Float64
    features: str
    floor: float
    floor_error: float
    single: bool = False

    @classmethod
    def from_sample(
        cls, reference: Float64, features: str, *, single: bool = False
    ) -> PhysicsDistance:
        """Take a sample, (n, d) with the incident energy first, and find its floor.

        Raises:
            MissingDependency: without scipy.
        """
        n, told = len(reference), reference[:, single:]
        floor = fpd_floor(told, sample_sizes(n // SHARE, n), size_ratio(n, n), draws=DRAWS)
        return cls(told, features, *floor, single=single)

    def of(self, made: Float64) -> Estimate:
        """Return FPD of as many generated showers, features as of :meth:`from_sample`."""
        n, told = len(self.reference), made[:, self.single :]
        found = fpd(self.reference, told, min_samples=n // SHARE, max_samples=n, draws=DRAWS)
        return Estimate(*found, self.floor)

    def to_json(self) -> dict[str, Any]:
        """Return what stands beside all values."""
        return {
            "features": self.features,
            "n_features": self.reference.shape[1],
            "showers": len(self.reference),
            "draws": DRAWS,
            "floor": self.floor,
            "floor_error": self.floor_error,
            "energies": SINGLE if self.single else MIXTURE,
        }
