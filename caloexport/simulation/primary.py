"""The particle that starts a shower."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from caloexport.runtime.errors import UsageError

#: PDG id -> name in Geant4
PARTICLES = {11: "e-", -11: "e+", 22: "gamma"}


@dataclass(frozen=True)
class Primary:
    """One particle.

    Attributes:
        pdg: PDG id.
        energy_mev: incident kinetic energy.
        theta_rad: angle between its direction and the beam axis; π/2 is perpendicular.
        entry_mm: (x, y) where it enters the front face.
        others: further conditions of the shower by name (impact point, alignment).
    """

    pdg: int
    energy_mev: float
    theta_rad: float
    entry_mm: tuple[float, float] = (0.0, 0.0)
    others: Mapping[str, float] = field(default_factory=dict)


def particle_id(text: str) -> int:
    """Read a particle by PDG id or name.

    Raises:
        UsageError: none that we simulate.

    >>> particle_id("gamma"), particle_id("11")
    (22, 11)
    """
    for pdg, name in PARTICLES.items():
        if text in (name, str(pdg)):
            return pdg
    known = ", ".join(f"{name} ({pdg})" for pdg, name in PARTICLES.items())
    message = f"'{text}' is not a particle that showers electromagnetically here"
    raise UsageError(message, hint=f"known: {known}")
