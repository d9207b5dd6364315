"""One simulated shower, as workers hand it over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from caloexport.runtime.arrays import Float32
from caloexport.simulation.primary import Primary


@dataclass(frozen=True)
class Simulated:
    """A shower in every mesh of the plan.

    Attributes:
        number: of the shower in the plan.
        primary: the particle.
        upstream_mev: deposited in front of the front face.
        deposited_mev: deposited in all slabs behind it, inside and outside the meshes; NaN where
            a generator took particles, which knows its cells only.
        active_mev: of that, in active slabs.
        energies: by name of the scoring the flat cells, MeV, after factor and threshold.
        inside_mev: by name of the scoring what its cells caught, before factor and threshold,
            of the deposits that it counts.
        cpu_s: processor time it took; never stored with the shower.
    """

    number: int
    primary: Primary
    upstream_mev: float
    deposited_mev: float
    active_mev: float
    energies: Mapping[str, Float32]
    inside_mev: Mapping[str, float]
    cpu_s: float
