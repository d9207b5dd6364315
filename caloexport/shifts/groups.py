"""Groups of showers in which observables are compared: at fixed energies, in one detector each.

Over a mixture of energies or detectors an observable is as wide as the mixture, and a shift that
is large for one of them hides in that width.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from caloexport.converters.quantisation.calibration import spread_conditions
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.units import format_energy
from caloexport.runtime.vectors import at_fraction

#: low, mid and high energy, as fractions of the trained range in the logarithm
ENERGIES = (0.0, 0.5, 1.0)
#: with more combinations of categories than this, categories are mixed
MOST_COMBINATIONS = 12
#: other latents than calibration and test vectors have
SEED = 20260303


@dataclass(frozen=True, eq=False)
class Group:
    """Showers of one energy and one combination of categories.

    Attributes:
        fixed: conditions that all of them share.
        conditions: every condition, (n,) each.
        inputs: (n, n_in) of the network.
    """

    fixed: Mapping[str, float | str]
    conditions: Mapping[str, Array]
    inputs: Float32

    def __len__(self) -> int:
        return len(self.inputs)

    def __str__(self) -> str:
        energy, *others = self.fixed.values()
        return ", ".join([format_energy(float(energy)), *map(str, others)])


def groups_of(sampling: Sampling, n: int) -> list[Group]:
    """Return groups of together about n showers; latents and other conditions are fixed draws.

    Args:
        sampling: of the generator.
        n: showers in all groups together.
    """
    conditions = {condition.name: condition for condition in sampling.conditions}
    energies = np.unique(at_fraction(conditions["energy_mev"], np.array(ENERGIES)))
    kinds = [c for c in sampling.conditions if c.categories]
    combinations = list(itertools.product(*(c.categories for c in kinds)))
    if len(combinations) > MOST_COMBINATIONS:
        kinds, combinations = [], [()]
    names = [condition.name for condition in kinds]
    all_fixed: list[dict[str, float | str]] = [
        {"energy_mev": float(energy), **dict(zip(names, combination, strict=True))}
        for energy in energies
        for combination in combinations
    ]
    each = -(-n // len(all_fixed))
    return [_group(sampling, each, number, fixed) for number, fixed in enumerate(all_fixed)]


def _group(sampling: Sampling, n: int, number: int, fixed: Mapping[str, float | str]) -> Group:
    given = spread_conditions(sampling, n, SEED + 2 * number)
    given |= {name: np.full(n, value) for name, value in fixed.items()}
    latents = sampling.noise.draw(n, SEED, first=number * n)
    inputs = np.concatenate([latents, sampling.encoding.encode(given)], axis=1)
    return Group(fixed, given, inputs)
