"""Coherent (Rayleigh) scattering of photons, from xraylib.

Source: EPDL97 (D. E. Cullen, J. H. Hubbell, L. Kissel, UCRL-50400 vol. 6 rev. 5) in xraylib.
"""

from __future__ import annotations

import numpy as np
import xraylib

from em_tables.vectors import physics_vector

LOWEST_KEV, HIGHEST_KEV = 0.1, 799.0
PER_DECADE = 20
BARN_MM2 = 1e-22


def rayleigh_file(z: int) -> str:
    """Return ``rayl/re-cs-<Z>.dat``: energy in MeV, E² σ in MeV² mm²."""
    decades = np.log10(HIGHEST_KEV / LOWEST_KEV)
    energies_kev = np.geomspace(LOWEST_KEV, HIGHEST_KEV, int(PER_DECADE * decades))
    values = [(e / 1e3) ** 2 * xraylib.CSb_Rayl(z, e) * BARN_MM2 for e in energies_kev]
    return physics_vector(energies_kev / 1e3, values)
