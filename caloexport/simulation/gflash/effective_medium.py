"""The one material that stands for a whole stack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from caloexport.simulation.detector import Detector, Slab
from caloexport.simulation.gflash.material_constants import MaterialConstants, material_constants

SCALE_ENERGY_MEV = 21.2  # Es, of multiple scattering


@dataclass(frozen=True)
class EffectiveMedium:
    """Averages over a stack, weighted with mass (hep-ex/0001020, section 3).

    Attributes:
        z, a: atomic number and weight.
        x0_mm, critical_mev, moliere_mm: radiation length, critical energy, Molière radius.
        frequency: Fs, radiation lengths per layer (X0 over the thickness of a passive and an
            active slab); 0 for a homogeneous detector.
        e_over_mip: ê = 1/(1 + 0.007 (Zp - Za)); 1 for a homogeneous detector.

    >>> from caloexport.simulation.detector_file import load_detector
    >>> siw = effective_medium(load_detector("siw"))
    >>> round(siw.x0_mm, 2), round(siw.critical_mev, 2), round(siw.moliere_mm, 2)
    (4.22, 8.23, 10.87)
    """

    z: float
    a: float
    x0_mm: float
    critical_mev: float
    moliere_mm: float
    frequency: float
    e_over_mip: float


def effective_medium(detector: Detector) -> EffectiveMedium:
    """Return the medium of the stack behind the front face.

    1/X0 = Σ d/X0_i / Σ d and 1/R_M = Σ d Ec_i/X0_i / (Es Σ d) over the slabs, lengths in mm:
    the same as the sums of the paper over mass fractions.

    Raises:
        UsageError: a material is not known.
    """
    slabs = detector.slabs
    known = {
        name: material_constants(name, detector.mixtures) for name in {s.material for s in slabs}
    }
    depth = sum(slab.thickness_mm for slab in slabs)
    x0 = depth / sum(s.thickness_mm / known[s.material].x0_mm for s in slabs)
    losses = [
        s.thickness_mm * known[s.material].critical_mev / known[s.material].x0_mm for s in slabs
    ]
    critical = x0 * sum(losses) / depth
    active = [slab for slab in slabs if slab.active]
    passive = [slab for slab in slabs if not slab.active]
    z = _by_mass(slabs, known, "z")
    a = _by_mass(slabs, known, "a")
    frequency, e_over_mip = 0.0, 1.0
    if active and passive:
        frequency = x0 / (depth / layers_of(slabs))
        difference = _by_mass(passive, known, "z") - _by_mass(active, known, "z")
        e_over_mip = 1 / (1 + 0.007 * max(difference, 0.0))
    return EffectiveMedium(
        z, a, x0, critical, SCALE_ENERGY_MEV * x0 / critical, frequency, e_over_mip
    )


def layers_of(slabs: Sequence[Slab]) -> int:
    """Return how often active material begins."""
    before = [False, *(slab.active for slab in slabs[:-1])]
    return sum(slab.active and not earlier for slab, earlier in zip(slabs, before, strict=True))


def _by_mass(slabs: Sequence[Slab], known: dict[str, MaterialConstants], name: str) -> float:
    masses = [slab.thickness_mm * known[slab.material].density_g_cm3 for slab in slabs]
    values = [getattr(known[slab.material], name) for slab in slabs]
    return sum(m * v for m, v in zip(masses, values, strict=True)) / sum(masses)
