"""How energy is spread along a shower: a gamma law whose T and a fluctuate from shower to shower.

f(t) = (b t)^(a-1) b e^(-b t) / Γ(a), b = (a - 1)/T. ln T and ln a are normal and correlated.

Source: hep-ex/0001020, sections 2.1 and 3.1; the guards for small energies are those of
Geant4 11.4, source/parameterisations/gflash.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from caloexport.simulation.gflash.effective_medium import EffectiveMedium
from caloexport.simulation.gflash.tuning import PIVOT, Tuning

LEAST_MEAN, LARGEST_SIGMA = 0.1, 0.5
LEAST_T, LEAST_A = 1.0, 1.1


@dataclass(frozen=True)
class LongitudinalLaw:
    """Means of T and a of single showers, spreads of their logarithms, correlation."""

    t: float
    a: float
    sigma_t: float
    sigma_a: float
    correlation: float


def longitudinal_law(
    medium: EffectiveMedium, energy_mev: float, *, sampling: bool = False
) -> LongitudinalLaw:
    """Return the law of showers of one energy, as published.

    Args:
        medium: of the stack.
        energy_mev: incident.
        sampling: use the corrections for sampling calorimeters (of the visible energy).

    >>> from caloexport.simulation.gflash.effective_medium import EffectiveMedium
    >>> lead = EffectiveMedium(82, 207.2, 5.6, 7.4, 16.0, 0.0, 1.0)
    >>> law = longitudinal_law(lead, 10_000.0)
    >>> round(law.t, 3), round(law.a, 3), round(law.correlation, 3)
    (6.397, 4.31, 0.539)
    """
    log_y = math.log(energy_mev / medium.critical_mev)
    t = log_y - 0.812
    a = 0.81 + (0.458 + 2.26 / medium.z) * log_y
    if not sampling or not medium.frequency:
        sigma_t, sigma_a = -1.4 + 1.26 * log_y, -0.58 + 0.86 * log_y
        return _guarded(t, a, sigma_t, sigma_a, 0.705 - 0.023 * log_y)
    t += -0.55 / medium.frequency - 0.69 * (1 - medium.e_over_mip)
    a += -0.476 / medium.frequency
    sigma_t, sigma_a = -2.5 + 1.25 * log_y, -0.82 + 0.79 * log_y
    return _guarded(t, a, sigma_t, sigma_a, 0.784 - 0.023 * log_y)


def _guarded(
    t: float, a: float, inverse_t: float, inverse_a: float, correlation: float
) -> LongitudinalLaw:
    return LongitudinalLaw(
        max(t, LEAST_MEAN),
        max(a, LEAST_MEAN),
        min(1 / inverse_t, LARGEST_SIGMA) if inverse_t > 0 else LARGEST_SIGMA,
        min(1 / inverse_a, LARGEST_SIGMA) if inverse_a > 0 else LARGEST_SIGMA,
        min(max(correlation, -1.0), 1.0),
    )


def tuned_law(
    law: LongitudinalLaw, medium: EffectiveMedium, energy_mev: float, tuning: Tuning
) -> LongitudinalLaw:
    """Return the law with the tuning's scale factors, whose slopes act on ln(E/Ec) - 7.1."""
    above = math.log(energy_mev / medium.critical_mev) - PIVOT
    return LongitudinalLaw(
        law.t * max(tuning.t_scale + tuning.t_slope * above, LEAST_MEAN),
        law.a * max(tuning.a_scale + tuning.a_slope * above, LEAST_MEAN),
        law.sigma_t * tuning.sigma_t_scale,
        law.sigma_a * tuning.sigma_a_scale,
        min(max(law.correlation + tuning.correlation_shift, -1.0), 1.0),
    )
