"""Where the energy of a simulation went: deposited, caught by the meshes, missed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from caloexport.runtime.units import format_energy
from caloexport.simulation.crew.record import Recorded
from caloexport.simulation.detector import ScoringPlan
from caloexport.simulation.plan import Plan

#: missed fraction of the deposits from which on the user is warned
WARN_ABOVE = 0.03


@dataclass
class Mean:
    """A mean with its standard error, from a stream of values (Welford's recurrence).

    >>> mean = Mean()
    >>> for value in (1.0, 2.0, 3.0):
    ...     mean.add(value)
    >>> mean.value, round(mean.error, 6)
    (2.0, 0.57735)
    """

    n: int = 0
    value: float = 0.0
    _squares: float = 0.0

    def add(self, value: float) -> None:
        """Take one more value."""
        self.n += 1
        step = value - self.value
        self.value += step / self.n
        self._squares += step * (value - self.value)

    @property
    def error(self) -> float | None:
        """Standard error of the mean; None for fewer than two values."""
        return None if self.n < 2 else math.sqrt(self._squares / (self.n - 1) / self.n)


@dataclass
class MeshLeakage:
    """What one mesh caught.

    Attributes:
        response: of a shower, energy of all its cells (after factor and threshold) / incident energy.
        caught: share of the deposits that the mesh counts which lie inside it, before factor and
            threshold; showers without such deposits do not enter.
        inside_mev: what the cells of all showers caught, before factor and threshold.
    """

    response: Mean = field(default_factory=Mean)
    caught: Mean = field(default_factory=Mean)
    inside_mev: float = 0.0


class Leakage:
    """The balance of the showers of a plan.

    In a fast simulation the deposits outside the mesh are not known, and their means stay empty.

    Attributes:
        deposited: deposited behind the front face / incident energy.
        upstream: deposited in front of it / incident energy.
        active: deposited in active slabs / incident energy.
        meshes: by name of the scoring.
    """

    def __init__(self, plan: Plan) -> None:
        self.deposited, self.upstream, self.active = Mean(), Mean(), Mean()
        self.meshes: Mapping[str, MeshLeakage] = {one.name: MeshLeakage() for one in plan.scorings}
        self._scorings = plan.scorings
        self._full = not plan.settings.get("fast")

    def add(self, shower: Recorded) -> None:
        """Take one more shower."""
        incident_mev = shower.primary.energy_mev
        self.upstream.add(shower.upstream_mev / incident_mev)
        if self._full:
            self.deposited.add(shower.deposited_mev / incident_mev)
            self.active.add(shower.active_mev / incident_mev)
        for scoring in self._scorings:
            mesh = self.meshes[scoring.name]
            _, energies = shower.cells[scoring.name]
            mesh.response.add(float(energies.sum(dtype="f8")) / incident_mev)
            mesh.inside_mev += shower.inside_mev[scoring.name]
            counted_mev = counted(scoring, shower)
            if self._full and counted_mev > 0:
                mesh.caught.add(shower.inside_mev[scoring.name] / counted_mev)


def counted(scoring: ScoringPlan, shower: Recorded) -> float:
    """Return the deposits that a mesh would count if it were endless, MeV."""
    return shower.active_mev if scoring.deposits == "active" else shower.deposited_mev


def warnings(scoring: ScoringPlan, mesh: MeshLeakage) -> list[str]:
    """Return what to tell about a mesh whose showers are not what they seem, a line each."""
    return [text for text in (_too_small(scoring, mesh), _all_below(scoring, mesh)) if text]


def _all_below(scoring: ScoringPlan, mesh: MeshLeakage) -> str | None:
    """Return what to tell about showers that are empty though energy fell into their cells."""
    if mesh.response.value > 0 or mesh.inside_mev == 0 or scoring.threshold_mev == 0:
        return None
    threshold = format_energy(scoring.threshold_mev)
    return (
        f"mesh '{scoring.name}' is empty: every cell of every shower is below the threshold of "
        f"{threshold} (choose a lower --threshold)"
    )


def _too_small(scoring: ScoringPlan, mesh: MeshLeakage) -> str | None:
    """Return what to tell about a mesh that is too small for its showers, None if it is not."""
    missed = 1 - mesh.caught.value
    if mesh.caught.n == 0 or missed <= WARN_ABOVE:
        return None
    error = "" if mesh.caught.error is None else f" ± {100 * mesh.caught.error:.2g}"
    return (
        f"mesh '{scoring.name}' is smaller than the shower: {100 * missed:.3g}{error} % of the "
        "deposits that it counts lie outside (choose another --mesh if that is not meant)"
    )
