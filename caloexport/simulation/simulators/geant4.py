"""Full simulation with Geant4."""

from __future__ import annotations

import math

from caloexport.runtime.errors import MissingDependency, UsageError
from caloexport.runtime.extras import installed
from caloexport.simulation.geant4 import environment
from caloexport.simulation.geant4.materials import require_materials
from caloexport.simulation.geant4.physics import CUT_MM, PHYSICS
from caloexport.simulation.plan import Plan
from caloexport.simulation.simulated import Simulated
from caloexport.simulation.simulators import Simulator, simulators

#: the slabs have to be as wide as a shower drifts sideways
FLATTEST_DEG = 10.0
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
        for theta_rad in (plan.theta_rad.low, plan.theta_rad.high):
            theta_deg = math.degrees(theta_rad)
            if not FLATTEST_DEG <= theta_deg <= 180 - FLATTEST_DEG:
                message = f"an angle of {theta_deg:g}° to the beam axis is asked for"
                allowed = f"{FLATTEST_DEG:g}° to {180 - FLATTEST_DEG:g}°"
                raise UsageError(message, hint=f"simulated are {allowed}; 90° is perpendicular")
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
