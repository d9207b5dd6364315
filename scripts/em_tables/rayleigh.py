"""Coherent (Rayleigh) scattering of photons, from xraylib.

Source: EPDL97 (D. E. Cullen, J. H. Hubbell, L. Kissel, UCRL-50400 vol. 6 rev. 5) in xraylib.
"""

from __future__ import annotations

import numpy as np
import xraylib

from em_tables.thinning import fine_grid, thin
from em_tables.vectors import physics_vector

LOWEST_KEV, HIGHEST_KEV = 0.101, 799.0
TOLERANCE = 5e-3
BARN_MM2 = 1e-22


def rayleigh_file(z: int) -> str:
    """Return ``rayl/re-cs-<Z>.dat``: energy in MeV, E² σ in MeV² mm²."""
    fine = fine_grid(LOWEST_KEV, HIGHEST_KEV)
    values = np.array([(e / 1e3) ** 2 * xraylib.CSb_Rayl(z, e) * BARN_MM2 for e in fine])
    chosen = thin(fine, values, TOLERANCE)
    return physics_vector(fine[chosen] / 1e3, values[chosen])
