"""The door: a thin vacuum before the front face where particles leave Geant4 for a generator.

The bindings have no fast-simulation models (G4VFastSimulationModel is not bound), and a stepping
action would be called in Python for every step of what stays. A sensitive detector in a slab of
vacuum is called only for what crosses it, and can end the track there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from caloexport.simulation.fast.incidence import Entrant, Incidence
from caloexport.simulation.fast.showers import FastShowers
from caloexport.simulation.plan import Plan
from caloexport.simulation.primary import PARTICLES
from caloexport.simulation.scorings import Scoring

#: far above the tolerance of the tracking, far below anything that matters
THICKNESS_MM = 0.01


def make_door(plan: Plan) -> Door | None:
    """Return the door of a plan, None for full simulation.

    Raises:
        InputFileError: the generator is missing, damaged, or not the one that was planned with.
    """
    return Door(FastShowers(plan)) if plan.settings.get("fast") else None


class Door:
    """Ends the tracks of particles that a generator takes, and remembers them.

    Args:
        showers: decides who is taken.

    Attributes:
        thickness_mm: of its vacuum, by which everything upstream moves.
        taken: particles of the present event in the order in which they came.
    """

    thickness_mm = THICKNESS_MM

    def __init__(self, showers: FastShowers) -> None:
        self.showers = showers
        self.taken: list[Incidence] = []

    def make_detector(self, g4: Any) -> Any:
        """Return the sensitive detector of its volume; the door is open."""
        door, ended = self, g4.G4TrackStatus.fStopAndKill

        class DoorDetector(g4.G4VSensitiveDetector):  # type: ignore[misc]  # no types
            def __init__(self) -> None:
                super().__init__("door")

            def ProcessHits(self, step: Any, history: Any) -> bool:
                if door.take(step):
                    step.GetTrack().SetTrackStatus(ended)
                return True

        self._detector = DoorDetector()
        self.set_open(True)
        return self._detector

    def set_open(self, everyone: bool) -> None:
        """Let everyone pass, as in full simulation, or not."""
        self._detector.Activate(not everyone)  # Geant4 does not even call one that is not active

    def take(self, step: Any) -> bool:
        """Remember the particle of a step, if it is one that is taken."""
        track = step.GetTrack()
        energy_mev = track.GetKineticEnergy()  # MeV and mm are Geant4's units
        pdg = track.GetDefinition().GetPDGEncoding()
        if energy_mev < self.showers.threshold_mev or pdg not in PARTICLES:
            return False
        position, along = step.GetPreStepPoint().GetPosition(), track.GetMomentumDirection()
        position_mm = np.array([position.x, position.y, position.z])
        direction = np.array([along.x, along.y, along.z])
        incidence = self.showers.admit(Entrant(pdg, energy_mev, position_mm, direction))
        if incidence is not None:
            self.taken.append(incidence)
        return incidence is not None

    def hand_over(self, scoring: Scoring, number: int) -> bool:
        """Add the showers of the particles taken in this event, and forget them.

        Returns:
            whether there were any.
        """
        taken, self.taken = self.taken, []
        self.showers.fill(scoring, taken, number)
        return bool(taken)
