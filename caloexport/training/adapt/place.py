"""Where a training stands after some updates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caloexport.validation.estimate import Estimate

#: by energy in MeV
ByEnergy = Mapping[float, Estimate]


@dataclass(frozen=True)
class Distances:
    """How far generated showers are from full simulation.

    Attributes:
        longitudinal, lateral: L1 of the normalised mean profiles, 0 to 2, by energy; no lateral one
            where cells do not lie around an axis.
        response: mean deposited energy over that of full simulation, by energy.
        fpd: of all energies together; None where there are too few showers.
        fpd_of_energy: of each energy that has enough.
    """

    longitudinal: ByEnergy
    lateral: ByEnergy
    response: ByEnergy
    fpd: Estimate | None
    fpd_of_energy: ByEnergy


@dataclass(frozen=True)
class Place:
    """A point of a course.

    Attributes:
        updates: done.
        seconds: that they took, with what is measured anew before the first; looks left out.
        distances: from full simulation.
    """

    updates: int
    seconds: float
    distances: Distances

    @property
    def farthest(self) -> float:
        """The largest distance of the mean longitudinal profile over energies."""
        return max(one.value for one in self.distances.longitudinal.values())

    def to_json(self) -> dict[str, Any]:
        """Return the place as JSON."""
        own = self.distances
        return {
            "updates": self.updates,
            "seconds": self.seconds,
            "distances": _to_json(own.longitudinal),
            "lateral": _to_json(own.lateral),
            "response": _to_json(own.response),
            "fpd": None if own.fpd is None else own.fpd.to_json(),
            "fpd_of_energy": _to_json(own.fpd_of_energy),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Place:
        """Read a place."""
        distances = Distances(
            _from_json(told["distances"]),
            _from_json(told["lateral"]),
            _from_json(told["response"]),
            None if told["fpd"] is None else Estimate(**told["fpd"]),
            _from_json(told["fpd_of_energy"]),
        )
        return cls(int(told["updates"]), float(told["seconds"]), distances)


def _to_json(estimates: ByEnergy) -> dict[str, Any]:
    return {f"{energy:.10g}": one.to_json() for energy, one in estimates.items()}


def _from_json(told: Mapping[str, Any]) -> dict[float, Estimate]:
    return {float(energy): Estimate(**one) for energy, one in told.items()}
