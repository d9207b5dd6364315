"""What the files of a simulation say about themselves, as attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caloexport import __version__
from caloexport.simulation.detector import Detector, ScoringPlan, Slab
from caloexport.simulation.leakage import Leakage, Mean
from caloexport.simulation.plan import Plan
from caloexport.simulation.primary import PARTICLES
from caloexport.simulation.scorings import scorings
from caloexport.simulation.spectrum import Spectrum

#: names that readers of shower files know (``showers/facts.py``)
SENSITIVE = {"all": "all material", "active": "active material"}
FRAME = (
    "z' along the particle from where it enters the front face, x' the direction of growing theta "
    "(angle to the beam axis), y' that of growing phi; "
)
#: an attribute of HDF5 holds 64 kB
LONGEST_TEXT = 2**15


def attributes(
    plan: Plan, scoring: ScoringPlan, made_by: Mapping[str, str | float], leakage: Leakage
) -> dict[str, Any]:
    """Return the attributes of the file of one mesh.

    Args:
        plan: what was simulated.
        scoring: the mesh.
        made_by: provenance of the simulator.
        leakage: the balance of all showers.
    """
    detector = plan.detector
    mesh = leakage.meshes[scoring.name]
    return {
        **made_by,
        "geometry": detector.name,
        "detector": detector.title,
        "detector_card": detector.card[:LONGEST_TEXT],
        "layers": sum(stack.get("repeat", 1) for stack in detector.data["stack"]),
        "materials": materials(detector)[:LONGEST_TEXT],
        "origin": f"simulated by caloexport {__version__} ({plan.method})",
        "caloexport_version": __version__,
        "particle": ", ".join(f"{PARTICLES.get(pdg, '?')} ({pdg})" for pdg in plan.pdg),
        "energy_spectrum": spectrum_text(plan.energy_mev, "MeV"),
        "theta_spectrum": spectrum_text(plan.theta_rad, "rad"),
        "seed": plan.seed,
        "sensitive": SENSITIVE[scoring.deposits],
        "energy_scale": scoring.factor,
        "threshold_mev": scoring.threshold_mev,
        "frame": FRAME + scorings[scoring.kind].words,
        "plan_sha256": plan.hash,
        **_figures("deposited_fraction", leakage.deposited),
        **_figures("caught_fraction", mesh.caught),
        **_figures("response", mesh.response),
    }


def _figures(name: str, mean: Mean) -> dict[str, float]:
    found = {name: mean.value} if mean.n else {}
    return found if mean.error is None else {**found, f"{name}_error": mean.error}


def materials(detector: Detector) -> str:
    """Say in one line what a detector is made of.

    >>> from caloexport.simulation.detector_file import load_detector
    >>> materials(load_detector("siw"))
    '90 x (G4_W 1.4 mm + G4_Si 0.3 mm active)'
    """
    inside = _runs(detector.slabs)
    if detector.upstream:
        inside = f"upstream {_runs(detector.upstream)}; {inside}"
    if detector.inner_radius_mm is not None:
        inside += f"; barrel of {detector.inner_radius_mm:g} mm inner radius"
    return inside


def _runs(slabs: tuple[Slab, ...]) -> str:
    """Write slabs as repeated groups, each the shortest that repeats most at its place."""
    words = [_word(slab) for slab in slabs]
    parts: list[str] = []
    start = 0
    while start < len(words):
        length, times = _best_group(words, start)
        group = " + ".join(words[start : start + length])
        parts.append(group if times == 1 else f"{times} x ({group})")
        start += length * times
    return ", ".join(parts)


def _word(slab: Slab) -> str:
    return f"{slab.material} {slab.thickness_mm:g} mm" + (" active" if slab.active else "")


def _best_group(words: list[str], start: int) -> tuple[int, int]:
    best = (1, 1)
    for length in range(1, min(16, len(words) - start) + 1):
        group, times = words[start : start + length], 1
        while words[start + length * times : start + length * (times + 1)] == group:
            times += 1
        if times > 1 and length * times > best[0] * best[1]:
            best = (length, times)
    return best


def spectrum_text(spectrum: Spectrum, unit: str) -> str:
    """Say in one line what a spectrum is.

    >>> spectrum_text(Spectrum("uniform", (1000.0, 64000.0)), "MeV")
    'uniform, 1000 to 64000 MeV'
    """
    if spectrum.law == "values":
        shown = ", ".join(f"{value:.9g}" for value in spectrum.values[:64])
        return f"{shown}{', ...' if len(spectrum.values) > 64 else ''} {unit}"
    return f"{spectrum.law}, {spectrum.low:.9g} to {spectrum.high:.9g} {unit}"
