"""What a simulation is going to do: everything that its showers depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from caloexport.runtime.errors import UsageError
from caloexport.runtime.units import format_energy
from caloexport.simulation.aims import aims
from caloexport.simulation.detector import Detector, ScoringPlan
from caloexport.simulation.detector_file import detector_from_data
from caloexport.simulation.primary import Primary
from caloexport.simulation.spectrum import Spectrum

LOWEST_MEV, HIGHEST_MEV = 10.0, 1e6
#: streams of random numbers of one shower
BEAM, TRACKING, FAST = 0, 1, 2


@dataclass(frozen=True)
class Plan:
    """A simulation; shower i depends on this and on i only.

    Attributes:
        method: ``"geant4"`` or ``"gflash"``.
        detector: what is hit.
        scorings: the meshes to fill, in one pass.
        pdg: particle ids; shower i takes number i modulo their number.
        energy_mev, theta_rad: spectra.
        n: number of showers.
        seed: of everything random.
        settings: of the method, JSON values (``cut_mm``, ``fast``, ...).
    """

    method: str
    detector: Detector
    scorings: tuple[ScoringPlan, ...]
    pdg: tuple[int, ...]
    energy_mev: Spectrum
    theta_rad: Spectrum
    n: int
    seed: int
    settings: Mapping[str, Any]

    def __post_init__(self) -> None:
        if not LOWEST_MEV <= self.energy_mev.low <= self.energy_mev.high <= HIGHEST_MEV:
            low, high = format_energy(self.energy_mev.low), format_energy(self.energy_mev.high)
            message = f"incident energies from {low} to {high} were asked for"
            allowed = f"{format_energy(LOWEST_MEV)} to {format_energy(HIGHEST_MEV)}"
            raise UsageError(message, hint=f"simulated are {allowed}")

    def primary(self, number: int) -> Primary:
        """Return the particle of shower ``number``."""
        random = self.random(number, BEAM)
        u, v = random.random(2)
        entry_mm, others = aims[self.detector.aim](self.detector, random)
        return Primary(
            self.pdg[number % len(self.pdg)],
            self.energy_mev.value(number // len(self.pdg), u),
            self.theta_rad.value(number // len(self.pdg), v),
            entry_mm,
            others,
        )

    def random(self, number: int, stream: int) -> np.random.Generator:
        """Return the random numbers of shower ``number``; streams are independent."""
        counter = [0, 0, number, stream]
        return np.random.Generator(np.random.Philox(key=self.seed, counter=counter))

    def engine_seeds(self, number: int) -> tuple[int, int]:
        """Return two seeds in [1, 2^31) for an engine of random numbers that is not ours."""
        first, second = self.random(number, TRACKING).integers(1, 2**31, size=2)
        return int(first), int(second)

    def with_n(self, n: int) -> Plan:
        """Return the same simulation of another number of showers."""
        return replace(self, n=n)

    def to_json(self) -> dict[str, Any]:
        """Return the plan as JSON; :meth:`from_json` makes it again."""
        return {
            "method": self.method,
            "detector": {"name": self.detector.name, "data": self.detector.data},
            "scorings": [asdict(one) for one in self.scorings],
            "pdg": list(self.pdg),
            "energy_mev": self.energy_mev.to_json(),
            "theta_rad": self.theta_rad.to_json(),
            "n": self.n,
            "seed": self.seed,
            "settings": dict(self.settings),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Plan:
        """Read what :meth:`to_json` wrote."""
        named = data["detector"]
        return cls(
            data["method"],
            detector_from_data(named["name"], named["data"]),
            tuple(ScoringPlan(**one) for one in data["scorings"]),
            tuple(data["pdg"]),
            Spectrum.from_json(data["energy_mev"]),
            Spectrum.from_json(data["theta_rad"]),
            data["n"],
            data["seed"],
            data["settings"],
        )

    @property
    def hash(self) -> str:
        """sha256 of the plan without its number of showers: equal plans can be continued.

        Where the artifact of a fast simulation lies does not count; its own hash is in the plan.
        """
        data = {key: value for key, value in self.to_json().items() if key != "n"}
        if fast := data["settings"].get("fast"):
            content = {key: value for key, value in fast.items() if key != "artifact"}
            data["settings"] = {**data["settings"], "fast": content}
        return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
