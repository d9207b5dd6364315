"""How energy is spread across a shower: a core and a tail, wider with depth.

f(r) = p 2 r Rc²/(r² + Rc²)² + (1 - p) 2 r Rt²/(r² + Rt²)², in Molière radii; Rc, Rt and p depend on
τ, the depth in units of the shower's own mean depth.

Source: hep-ex/0001020, sections 2.2 and 3.2.
"""

from __future__ import annotations

import math

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.simulation.gflash.effective_medium import EffectiveMedium
from caloexport.simulation.gflash.tuning import PIVOT, Tuning

#: entries of what :func:`radial_constants` returns, in order
CONSTANTS = (
    "z1", "z2", "k1", "k2", "k3", "k4", "p1", "p2", "p3", "unseen", "per_frequency",
    "core_scale", "tail_scale", "weight_scale", "moliere_mm", "reach_mm",
)  # fmt: skip


def radial_constants(
    medium: EffectiveMedium, energy_mev: float, tuning: Tuning, *, sampling: bool = False
) -> Float64:
    """Return what the radial law of one energy needs, named by ``CONSTANTS``.

    Args:
        medium: of the stack.
        energy_mev: incident.
        tuning: its scales of Rc, Rt and p.
        sampling: use the corrections for sampling calorimeters.
    """
    above = math.log(energy_mev / medium.critical_mev) - PIVOT
    tail_scale = tuning.tail_scale + tuning.tail_slope * above
    log_e = math.log(energy_mev / 1000)
    z = medium.z
    corrected = sampling and medium.frequency > 0
    return np.array([
        0.0251 + 0.00319 * log_e, 0.1162 - 0.000381 * z,
        0.659 - 0.00309 * z, 0.645, -2.59, 0.3585 + 0.0421 * log_e,
        2.632 - 0.00094 * z, 0.401 + 0.00187 * z, 1.313 - 0.0686 * log_e,
        1 - medium.e_over_mip if corrected else 0.0,
        1 / medium.frequency if corrected else 0.0,
        tuning.core_scale, max(tail_scale, 0.1), tuning.weight_scale, medium.moliere_mm,
        tuning.reach * medium.moliere_mm,
    ])  # fmt: skip
