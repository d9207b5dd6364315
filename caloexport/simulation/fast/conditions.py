"""What a generator has to know of a particle that it replaces, and whether it was trained on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from caloexport.runtime.conditions import Condition, only_value
from caloexport.runtime.errors import OutOfRange, UnknownName, UsageError
from caloexport.runtime.units import format_energy
from caloexport.simulation.plan import LOWEST_MEV
from caloexport.simulation.primary import PARTICLES
from caloexport.simulation.spectrum import Spectrum

#: The ends of a trained range are the extremes of random energies, a little inside what was
#: asked for when the training data were made: a beam of the nominal 1 GeV is not outside
ENERGY_MARGIN = 0.005
ANGLE_MARGIN_RAD = 1e-3
#: electromagnetic showers of electrons and positrons are the same but for the annihilation
STAND_IN = {-11: 11}


class FastConditions:
    """The conditions of a generator, filled from a particle.

    Args:
        conditions: of the generator.
        detector: name of the detector that is simulated.

    Raises:
        UnknownName: the generator does not know the detector.
        UsageError: it has a condition that nothing here measures.
    """

    def __init__(self, conditions: Sequence[Condition], detector: str) -> None:
        self.known = {condition.name: condition for condition in conditions}
        detector = detector.lower()  # as in shower files
        self._fixed: dict[str, Any] = {}
        for name, condition in self.known.items():
            if name == "geometry":
                if detector not in condition.categories:
                    raise UnknownName("detector for this generator", detector, condition.categories)
                self._fixed[name] = detector
            elif name == "phi_rad":
                self._fixed[name] = 0.0
                condition.admit(np.zeros(1), "error")
            elif name not in ("energy_mev", "theta_rad", "pdg") and only_value(condition) is None:
                message = f"the generator's condition '{name}' is not known of a particle"
                hint = "fast simulation gives energy_mev, theta_rad, phi_rad, geometry and pdg"
                raise UsageError(message, hint=hint)

    @property
    def lowest_mev(self) -> float:
        """Energy above which particles are replaced: the least that was trained on."""
        energy = self.known.get("energy_mev")
        if energy is None or energy.low is None:
            return LOWEST_MEV
        return energy.low * (1 - ENERGY_MARGIN)

    @property
    def highest_mev(self) -> float:
        """Highest energy that can be replaced."""
        energy = self.known.get("energy_mev")
        if energy is None or energy.high is None:
            return math.inf
        return energy.high * (1 + ENERGY_MARGIN)

    def knows(self, pdg: int) -> bool:
        """Whether a particle is of a kind that is replaced.

        A generator without a condition ``pdg`` stands for electrons, positrons and photons alike.
        """
        return pdg in PARTICLES and self._pdg_value(pdg) is not None

    def knows_angle(self, theta_rad: float) -> bool:
        """Whether an angle was trained on; a generator without the condition knows π/2 alone."""
        angle = self.known.get("theta_rad")
        low, high = (math.pi / 2,) * 2 if angle is None else (angle.low, angle.high)
        if low is None or high is None:
            return True
        return low - ANGLE_MARGIN_RAD <= theta_rad <= high + ANGLE_MARGIN_RAD

    def values(self, pdg: int, energy_mev: float, theta_rad: float) -> dict[str, Any]:
        """Return the conditions of a particle by name."""
        given = {"energy_mev": energy_mev, "theta_rad": theta_rad, **self._fixed}
        chosen = {name: value for name, value in given.items() if name in self.known}
        if "pdg" in self.known:
            chosen["pdg"] = self._pdg_value(pdg)
        return chosen

    def _pdg_value(self, pdg: int) -> str | int | None:
        condition = self.known.get("pdg")
        if condition is None:
            return pdg
        for one in (pdg, STAND_IN.get(pdg, pdg)):
            if str(one) in condition.categories:
                return str(one)
            low, high = condition.low, condition.high
            if low is not None and high is not None and low <= one <= high:
                return one
        return None

    def require_beam(self, pdg: Sequence[int], energy_mev: Spectrum, theta_rad: Spectrum) -> None:
        """Refuse a beam that the generator was not trained on.

        Energies under the trained ones stay with the full simulation, unless all are.

        Raises:
            OutOfRange: energies above, or angles outside the trained range.
            UsageError: another kind of particle.
        """
        for one in pdg:
            if not self.knows(one):
                message = f"the generator was not trained on {PARTICLES.get(one, one)}"
                raise UsageError(message, hint="leave --fast out for this particle")
        trained = f"{format_energy(self.lowest_mev)} to {format_energy(self.highest_mev)}"
        if energy_mev.high > self.highest_mev or energy_mev.high < self.lowest_mev:
            message = f"the particles have up to {format_energy(energy_mev.high)}"
            hint = f"the generator was trained on {trained}; less is simulated in full"
            raise OutOfRange(message, hint=hint)
        ends = (theta_rad.low, theta_rad.high)
        if not all(self.knows_angle(a) or self.knows_angle(math.pi - a) for a in ends):
            low, high = (math.degrees(angle) for angle in ends)
            shown = f"{low:g}°" if low == high else f"{low:g}° to {high:g}°"
            message = f"the particles come at {shown}"
            raise OutOfRange(message, hint=f"the generator was trained on {self._angles()}")

    def _angles(self) -> str:
        angle = self.known.get("theta_rad")
        if angle is None or angle.low is None or angle.high is None:
            return "90°"
        return f"{math.degrees(angle.low):.4g}° to {math.degrees(angle.high):.4g}°"
