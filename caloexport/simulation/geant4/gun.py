"""The gun: one particle, just in front of the first slab."""

from __future__ import annotations

import math
from typing import Any

from caloexport.simulation.detector import Detector
from caloexport.simulation.frame import direction
from caloexport.simulation.primary import PARTICLES, Primary

#: distance of the start from the first slab: well above the tolerance of the tracking, 1e-9 mm
GAP_MM = 1e-3


def start_point(
    detector: Detector, primary: Primary, door_mm: float = 0.0
) -> tuple[float, float, float]:
    """Return where (x, y, z mm) a particle starts that would cross z = 0 at its entry point.

    >>> from caloexport.simulation.detector_file import load_detector
    >>> start_point(load_detector("siw"), Primary(11, 1e3, math.pi / 2, (1.0, 2.0)))
    (1.0, 2.0, -0.001)
    """
    x, y = primary.entry_mm
    first = float(detector.edges_mm[0]) - door_mm - GAP_MM
    radius = detector.inner_radius_mm
    if radius is None:
        z = first
    elif radius + first <= abs(y):
        z = -radius  # inside the bore whatever z: as near as the particle comes
    else:
        z = math.sqrt((radius + first) ** 2 - y**2) - radius
    return x + z / math.tan(primary.theta_rad), y, z


def make_gun(g4: Any, detector: Detector, door_mm: float = 0.0) -> Any:
    """Return the primary generator; ``aim(primary)`` sets what the next event starts with."""

    class Gun(g4.G4VUserPrimaryGeneratorAction):  # type: ignore[misc]  # no types
        def __init__(self) -> None:
            super().__init__()
            self.gun = g4.G4ParticleGun(1)

        def aim(self, primary: Primary) -> None:
            particles = g4.G4ParticleTable.GetParticleTable()
            self.gun.SetParticleDefinition(particles.FindParticle(PARTICLES[primary.pdg]))
            self.gun.SetParticleMomentumDirection(
                g4.G4ThreeVector(*map(float, direction(primary.theta_rad)))
            )
            self.gun.SetParticlePosition(g4.G4ThreeVector(*start_point(detector, primary, door_mm)))
            self.gun.SetParticleEnergy(primary.energy_mev)  # MeV and mm are Geant4's units

        def GeneratePrimaries(self, event: Any) -> None:
            self.gun.GeneratePrimaryVertex(event)

    return Gun()
