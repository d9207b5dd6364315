"""Scale factors that bring the parametrisation close to Geant4, as data per detector."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

from caloexport.simulation.detector import Detector
from caloexport.simulation.detector_file import load_detector

#: factors for stacks that nobody has tuned
UNTUNED = "default"
#: ln(E/Ec) about which slopes turn: that of 10 GeV in heavy material
PIVOT = 7.1


@dataclass(frozen=True)
class Tuning:
    """Factors on the published formulas; 1 (shifts and slopes 0) leaves them alone.

    Attributes:
        t_scale, t_slope: of T: scale + slope (ln(E/Ec) - 7.1).
        a_scale, a_slope: of a.
        sigma_t_scale, sigma_a_scale: of the spreads of ln T and ln a.
        correlation_shift: added to their correlation.
        core_scale, tail_scale, tail_slope, weight_scale: of Rc, Rt (as T) and p.
        reach: Molière radii at which core and tail end; published without end, which puts twice
            the energy of tracking beyond four of them.
        core_spot_mev, core_spot_power, tail_spot_mev: mean energy of a spot of the core at 1 GeV, its
            power of the energy, and of a spot of the tail.
        escaping, escaping_power: share of the energy that no material sees (back out of the front
            face, aside) at 1 GeV, and its power of the energy.
        escaping_lump_mev: energy in which it goes, for the fluctuation.
        e_over_mip: what an active slab among passive ones takes, over its share of the energy
            loss of a minimum-ionising particle.
        sampling_term: c of the resolution c/√(E/GeV) of the energy in the active slabs.
    """

    t_scale: float
    t_slope: float
    a_scale: float
    a_slope: float
    sigma_t_scale: float
    sigma_a_scale: float
    correlation_shift: float
    core_scale: float
    tail_scale: float
    tail_slope: float
    weight_scale: float
    reach: float
    core_spot_mev: float
    core_spot_power: float
    tail_spot_mev: float
    escaping: float
    escaping_power: float
    escaping_lump_mev: float
    e_over_mip: float
    sampling_term: float


NAMES = tuple(field.name for field in fields(Tuning))


def tuning_names() -> list[str]:
    """List the tunings that travel with the package."""
    folder = files("caloexport.simulation.gflash") / "tunings"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir())


def _text(name: str) -> str:
    path = files("caloexport.simulation.gflash") / "tunings" / f"{name}.toml"
    return path.read_text(encoding="utf-8")


def tuning_hash(name: str) -> str:
    """sha256 of a tuning's file."""
    return hashlib.sha256(_text(name).encode()).hexdigest()


@cache
def load_tuning(name: str) -> Tuning:
    """Read one of :func:`tuning_names`."""
    data = tomllib.loads(_text(name))
    return Tuning(**{key: float(data[key]) for key in NAMES})


def tuning_for(detector: Detector) -> str:
    """Return the name of the tuning of a stack: of the detector that has the same slabs.

    The number of layers does not matter, and what the detector is called does not.
    """
    for name in tuning_names():
        if name != UNTUNED and _repeated(load_detector(name)) == _repeated(detector):
            return name
    return UNTUNED


def _repeated(detector: Detector) -> set[tuple[Any, ...]]:
    # half of PbWO4 leaks as half of PbWO4 does: the thickness of a homogeneous stack is no matter
    one = len({slab.material for slab in detector.slabs}) == 1
    return {(s.material, 0.0 if one else s.thickness_mm, s.active) for s in detector.slabs}
