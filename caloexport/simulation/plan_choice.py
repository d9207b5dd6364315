"""Plans as users ask for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caloexport.runtime.errors import UsageError
from caloexport.simulation.detector import Detector
from caloexport.simulation.detector_file import detector_from_data, load_detector
from caloexport.simulation.mesh_choice import choose_meshes
from caloexport.simulation.plan import Plan
from caloexport.simulation.primary import particle_id
from caloexport.simulation.spectrum_choice import choose_angles, choose_spectrum


@dataclass(frozen=True)
class Wanted:
    """What a user says about a simulation, quantities as text with units.

    Attributes:
        detector: name of a shipped one, or a TOML file.
        particle, energy, theta, mesh: one or several.
        spectrum: law of an energy range; None is log-uniform.
        deposits, factor, threshold_mev: replace what the meshes say.
        inner_radius_mm: bends the layers to a barrel.
        n: number of showers.
        seed: of everything random.
    """

    detector: str
    energy: Sequence[str]
    theta: Sequence[str] = ("90deg",)
    particle: Sequence[str] = ("e-",)
    mesh: Sequence[str] = ()
    spectrum: str | None = None
    deposits: str | None = None
    factor: float | None = None
    threshold_mev: float | None = None
    inner_radius_mm: float | None = None
    n: int = 100
    seed: int = 0


def choose_plan(method: str, wanted: Wanted, settings: Mapping[str, Any]) -> Plan:
    """Return the plan that a user asks for.

    Args:
        method: entry of the registry of simulators.
        wanted: what the user says.
        settings: of the method.

    Raises:
        UsageError: something makes no sense.
        InputFileError: the detector file is damaged.
    """
    detector = load_detector(wanted.detector)
    if wanted.inner_radius_mm is not None:
        detector = _barrel(detector, wanted.inner_radius_mm)
    return Plan(
        method,
        detector,
        choose_meshes(
            detector,
            wanted.mesh,
            deposits=wanted.deposits,
            factor=wanted.factor,
            threshold_mev=wanted.threshold_mev,
        ),
        tuple(particle_id(text) for text in wanted.particle),
        choose_spectrum(wanted.energy, "energy", wanted.spectrum),
        choose_angles(wanted.theta),
        wanted.n,
        wanted.seed,
        settings,
    )


def _barrel(detector: Detector, inner_radius_mm: float) -> Detector:
    if inner_radius_mm <= 0:
        message = f"an inner radius of {inner_radius_mm:g} mm makes no barrel"
        raise UsageError(message, where=detector.name)
    return detector_from_data(
        detector.name, {**detector.data, "inner_radius": f"{inner_radius_mm!r}mm"}
    )
