"""Judge the trained generator on real showers that it has not seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from caloexport.runtime import Generator
from caloexport.runtime.units import format_energy
from caloexport.sampling import sampled_showers
from caloexport.showers.showers import Showers, from_arrays
from caloexport.training.data import TrainingData
from caloexport.validation import Measurement, measure, summary, windows_around

#: what is asked: mean total energy within 3 %, L1 of the longitudinal profile under 0.10
RESPONSE_TOLERANCE, PROFILE_TOLERANCE = 0.03, 0.10
ENERGIES_MEV = (2_000.0, 10_000.0, 50_000.0)
WINDOW_FACTOR = 1.6
#: generated showers for each held-back one, so that generation adds no noise of its own
COPIES = 10


@dataclass(frozen=True)
class WindowVerdict:
    """One energy window: generated against held-back showers.

    Attributes:
        energy_mev: centre of the window.
        n: held-back showers in it.
        response: generated over real mean total energy, with error and floor.
        profile: L1 distance of the normalised longitudinal profiles, with error and floor.
        passed: both within what is asked.
    """

    energy_mev: float
    n: int
    response: dict[str, float | None]
    profile: dict[str, float | None]
    passed: bool

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as JSON."""
        return asdict(self)

    def summary(self) -> str:
        """Return the verdict as one line."""
        return (
            f"{'pass' if self.passed else 'FAIL'} around {format_energy(self.energy_mev)}: mean "
            f"energy x {self.response['value']:.3f}, profile L1 {self.profile['value']:.3f} "
            f"({self.n} held-back showers)"
        )


@dataclass(frozen=True)
class Judgement:
    """The verdicts, and the measurements they rest on."""

    windows: list[WindowVerdict]
    real: Measurement
    generated: Measurement

    @property
    def passed(self) -> bool:
        """Whether every window passed."""
        return all(window.passed for window in self.windows)


def judge(
    data: TrainingData, generator: Generator, seed: int, step: Callable[[int, str], None]
) -> Judgement:
    """Compare generated showers with the held-back ones, detector mix and energies alike.

    Args:
        data: of the training; its held-back showers are the reference.
        generator: as loaded from the artifact.
        seed: of the sampling.
        step: progress.
    """
    real = measure(held_back(data))
    made = generated_like(data, generator, seed)
    generated = measure(made, lambda done, total, text: step(done // max(total, 1), text))
    found = summary(real, generated, windows_around(ENERGIES_MEV, WINDOW_FACTOR), seed=seed)
    windows = [
        _verdict(energy, window)
        for energy, window in zip(ENERGIES_MEV, found["windows"], strict=True)
    ]
    return Judgement(windows, real, generated)


def held_back(data: TrainingData) -> Showers:
    """Return the showers that training did not see, in MeV."""
    chosen = data.scoring
    energy = data.energy_mev[chosen]
    cells = data.showers.dense(chosen) * energy[:, None].astype(np.float32)
    shaped = cells.reshape(len(chosen), *data.mesh.shape)
    return from_arrays(shaped, data.mesh, {"energy_mev": energy}, name="held back")


def generated_like(data: TrainingData, generator: Generator, seed: int) -> Showers:
    """Return showers of the conditions of the held-back ones, several for each."""
    chosen = np.repeat(data.scoring, COPIES)
    conditions = {
        "energy_mev": data.energy_mev[chosen],
        "theta_rad": data.theta_rad[chosen],
        "geometry": data.geometry[chosen],
    }
    return sampled_showers(generator, conditions, len(chosen), seed=seed)


def _verdict(energy_mev: float, window: dict[str, Any]) -> WindowVerdict:
    metrics = window["metrics"]
    response, profile = metrics["response_ratio"], metrics["longitudinal_l1"]
    passed = (
        abs(response["value"] - 1) < RESPONSE_TOLERANCE and profile["value"] < PROFILE_TOLERANCE
    )
    return WindowVerdict(energy_mev, window["n_reference"], response, profile, passed)
