"""The physics: Geant4's standard electromagnetic constructor, as in FTFP_BERT, which Par04 uses."""

from __future__ import annotations

from typing import Any

#: named in the provenance of files
PHYSICS = "G4EmStandardPhysics, no photonuclear reactions, no fluorescence"
CUT_MM = 0.7


def make_physics(g4: Any) -> Any:
    """Return the physics list.

    Photonuclear reactions need data that the tables do not hold; the energy they take out of a
    shower is below a percent.
    """

    class Electromagnetic(g4.G4VModularPhysicsList):  # type: ignore[misc]  # no types
        def __init__(self) -> None:
            super().__init__()
            self.constructor = g4.G4EmStandardPhysics()  # Geant4 keeps the address only
            self.RegisterPhysics(self.constructor)
            self.SetVerboseLevel(0)

    return Electromagnetic()


#: before initialisation; photons of fluorescence are below the production thresholds of 0.7 mm
BEFORE = (
    "/control/verbose 0", "/run/verbose 0", "/event/verbose 0", "/tracking/verbose 0",
    "/process/verbose 0", "/process/em/verbose 0", "/process/em/fluo false",
)  # fmt: skip


def range_cut(cut_mm: float) -> str:
    """Return the command that sets the production thresholds.

    It has an effect after initialisation only: the physics list sets its own default there.
    """
    return f"/run/setCut {cut_mm!r} mm"
