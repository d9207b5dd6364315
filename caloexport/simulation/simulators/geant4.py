"""Full simulation with Geant4."""

from __future__ import annotations

from caloexport.runtime.errors import MissingDependency, UsageError
from caloexport.runtime.extras import installed
from caloexport.simulation.geant4 import environment
from caloexport.simulation.geant4.materials import require_materials
from caloexport.simulation.geant4.physics import CUT_MM, PHYSICS
from caloexport.simulation.plan import Plan
from caloexport.simulation.simulated import Simulated
from caloexport.simulation.simulators import Simulator, simulators
from caloexport.simulation.steepness import require_steep

CUTS_MM = (1e-3, 1e3)


@simulators.register("geant4")
class Geant4(Simulator):
    """Track every particle of the shower through the detector's slabs."""

    def __init__(self, plan: Plan) -> None:
        from caloexport.simulation.geant4.application import Application

        super().__init__(plan)
        self.application = Application(plan)

    def simulate(self, number: int) -> Simulated:
        return self.application.simulate(number)

    @staticmethod
    def check(plan: Plan) -> None:
        environment.require_geant4()
        if not installed("numba"):
            raise MissingDependency("numba", extra="simulate")
        require_materials(plan.detector)
        require_steep(plan)
        if plan.settings.get("fast"):
            from caloexport.simulation.fast.showers import FastShowers

            FastShowers(plan)
        cut_mm = plan.settings.get("cut_mm", CUT_MM)
        if not CUTS_MM[0] <= cut_mm <= CUTS_MM[1]:
            message = f"a range cut of {cut_mm:g} mm is asked for"
            raise UsageError(message, hint=f"allowed are {CUTS_MM[0]:g} mm to {CUTS_MM[1]:g} mm")

    @staticmethod
    def provenance(plan: Plan) -> dict[str, str | float]:
        from caloexport.simulation.fast.planning import fast_provenance

        told = environment.provenance()
        cut_mm = float(plan.settings.get("cut_mm", CUT_MM))
        return {
            **told,
            "generator": f"Geant4 {told['geant4_version']}, {PHYSICS}, range cut {cut_mm:g} mm",
            "physics": PHYSICS,
            "range_cut_mm": cut_mm,
            **fast_provenance(plan),
        }
