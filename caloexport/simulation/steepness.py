"""How flat particles may enter."""

from __future__ import annotations

import math

from caloexport.runtime.errors import UsageError
from caloexport.simulation.plan import Plan

#: the slabs have to be as wide as a shower drifts sideways
FLATTEST_DEG = 10.0


def require_steep(plan: Plan) -> None:
    """Refuse angles at which a shower would leave the slabs at their sides.

    Raises:
        UsageError: the plan has one.
    """
    for theta_rad in (plan.theta_rad.low, plan.theta_rad.high):
        theta_deg = math.degrees(theta_rad)
        if not FLATTEST_DEG <= theta_deg <= 180 - FLATTEST_DEG:
            message = f"an angle of {theta_deg:g}° to the beam axis is asked for"
            allowed = f"{FLATTEST_DEG:g}° to {180 - FLATTEST_DEG:g}°"
            raise UsageError(message, hint=f"simulated are {allowed}; 90° is perpendicular")
