"""What the parametrisation needs to know of a material."""

from __future__ import annotations

import math
from dataclasses import dataclass

from caloexport.simulation.geant4.materials import Mixtures, material

#: of the particle whose energy loss weighs materials, close to the least loss
BETA2, GAMMA2 = 0.9, 10.0
ELECTRON_EV = 0.51099895e6
BETHE_MEV_CM2_MOL = 0.307075


@dataclass(frozen=True)
class MaterialConstants:
    """Averages over the elements of a material, weighted with their mass.

    Attributes:
        z, a: atomic number and weight.
        density_g_cm3, x0_mm: as Geant4 uses them.
        critical_mev: 2.66 (X0 Z/A)^1.1, X0 in g/cm2 (hep-ex/0001020).
        loss_mev_mm: Bethe's mean energy loss of a particle with β² = 0.9, without the density
            effect; only ratios between materials are used.
    """

    z: float
    a: float
    density_g_cm3: float
    x0_mm: float
    critical_mev: float
    loss_mev_mm: float


def material_constants(name: str, mixtures: Mixtures) -> MaterialConstants:
    """Return the constants of a material of Geant4's catalogue or of a detector's own.

    Raises:
        UsageError: no such material.

    >>> tungsten = material_constants("G4_W", {})
    >>> round(tungsten.critical_mev, 1), round(tungsten.loss_mev_mm, 1)
    (8.0, 2.3)
    """
    found = material(name, mixtures)
    critical = 2.66 * (found.radiation_length_g_cm2 * found.z / found.a) ** 1.1
    largest_ev = 2 * ELECTRON_EV * BETA2 * GAMMA2
    logarithm = math.log(largest_ev / found.mean_excitation_ev) - BETA2
    loss = BETHE_MEV_CM2_MOL * found.z_over_a / BETA2 * logarithm
    return MaterialConstants(
        found.z,
        found.a,
        found.density_g_cm3,
        found.radiation_length_mm,
        critical,
        loss * found.density_g_cm3 / 10,
    )
