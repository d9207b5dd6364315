"""Showers outside the range of energies that a generator was trained on, where no reference may be."""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.sampling import SampledShowers, sampled_showers
from caloexport.showers.showers import Showers
from caloexport.validation.estimate import FEW
from caloexport.validation.windows import Window, default_windows

#: energies to look at beside each end of the trained range
FACTORS = (2.0, 4.0)
#: showers of each: they tell a mean to a hundredth and a width to a twentieth
SHOWERS = 200
#: energies that are hardly beyond the reference's are not looked at alone
MARGIN = 1.05


def windows_beyond(reference_mev: Float64, generated_mev: Float64) -> list[Window]:
    """Return windows of energies that a generated sample has below and above all of the reference.

    >>> found = windows_beyond(np.array([2e3, 8e3]), np.array([1e3, 4e3, 8.1e3, 16e3]).repeat(9))
    >>> [(round(low), round(high)) for low, high in found]
    [(990, 1010), (15842, 16160)]
    """
    low, high = reference_mev.min() / MARGIN, reference_mev.max() * MARGIN
    found: list[Window] = []
    for outside in (generated_mev[generated_mev < low], generated_mev[generated_mev > high]):
        windows = default_windows(outside) if outside.size else []
        found += [one for one in windows if ((outside >= one[0]) & (outside < one[1])).sum() >= FEW]
    return found


def trained_energies(generated: Showers) -> Window | None:
    """Return the energies that the generator of showers was trained on; None where nothing tells.

    Showers that ``caloexport sample`` wrote, and those of a model, say it themselves.
    """
    ends = [generated.attributes.get(f"trained_{end}_mev") for end in ("low", "high")]
    try:
        low, high = (float(end) for end in ends)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return (low, high) if 0 < low < high < math.inf else None


def showers_beyond(reference: Showers, generated: Showers, *, seed: int = 0) -> Showers | None:
    """Return showers of a model below and above its range, which are made when they are read.

    They have the angles and other conditions of the reference's showers, drawn by chance.

    Args:
        reference: showers with energies; energies that it has are left to the comparison.
        generated: of a model; None is returned for those of a file.
        seed: of sampling, and of the drawing.
    """
    trained = trained_energies(generated)
    if not isinstance(generated, SampledShowers) or trained is None:
        return None
    energy = np.asarray(reference.conditions["energy_mev"], dtype=np.float64)
    wanted = [trained[0] / factor for factor in reversed(FACTORS)]
    wanted += [trained[1] * factor for factor in FACTORS]
    low, high = float(energy.min(initial=math.inf)) / MARGIN, float(energy.max(initial=0)) * MARGIN
    alone = np.array([one for one in wanted if not low <= one <= high])
    if not generated.n or not alone.size:
        return None
    rows = np.random.default_rng(seed).integers(generated.n, size=SHOWERS * len(alone))
    given = {name: np.asarray(values)[rows] for name, values in generated.given.items()}
    given["energy_mev"] = np.repeat(alone, SHOWERS)
    made = sampled_showers(generated.generator, given, len(rows), seed=seed, policy="extrapolate")
    made.bring_to(generated.mesh.order)
    return made
