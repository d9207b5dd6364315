"""The physics score by which an epoch is picked: response and longitudinal profile.

The loss does not tell a good shower generator: a cross-entropy hardly feels a total energy that is
off by a few per cent. So each epoch generates the showers held back anew and compares.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Float64, Integers
from caloexport.runtime.manifest import Sampling
from caloexport.training.data import TrainingData
from caloexport.validation.compare import compare_means, compare_profiles
from caloexport.validation.windows import windows_around

#: centres of the energy windows and the factor that they reach to either side
WINDOWS_GEV = (2.0, 10.0, 50.0)
WINDOW_FACTOR = 1.5
#: showers that a window needs to be scored
FEWEST = 5
#: what a decoder may be off by: each counts 1 in the score
RESPONSE_TOLERANCE, PROFILE_TOLERANCE = 0.03, 0.10
#: seed of the latents; the same in every epoch, so that epochs differ by their weights alone
SEED = 20_220_601
BLOCK = 128

Decode = Callable[[Float32, Float32], Array]


@dataclass(frozen=True)
class WindowScore:
    """Comparison of generated and full-simulation showers of one detector and energy window.

    Errors are statistical; a floor is what a perfect generator would give at this number of
    showers (see ``caloexport.validation.estimate``). Both are None for very few showers.

    Attributes:
        geometry: detector.
        energy_gev: centre of the window; 0 for all energies.
        showers: number of full-simulation showers, and of generated ones.
        response_ratio: generated over full-simulation mean of E_total/E_inc.
        profile_l1: Σ over layers of |difference| of the normalised longitudinal profiles.
    """

    geometry: str
    energy_gev: float
    showers: int
    response_ratio: float
    response_error: float | None
    profile_l1: float
    profile_error: float | None
    profile_floor: float | None

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as JSON."""
        return asdict(self)


def score(rows: list[WindowScore]) -> float:
    """Return one number, smaller is better: 1 when everything is off by its tolerance."""
    terms = [
        0.5 * (abs(r.response_ratio - 1) / RESPONSE_TOLERANCE + r.profile_l1 / PROFILE_TOLERANCE)
        for r in rows
    ]
    return float(np.mean(terms))


def compare(data: TrainingData, sampling: Sampling, decode: Decode) -> list[WindowScore]:
    """Generate the showers held back anew and compare, window by window.

    Args:
        data: holds the showers held back.
        sampling: the physics around the decoder.
        decode: (latents, condition vectors) -> decoder output.
    """
    chosen = data.scoring
    real, generated = _layers_mev(data, sampling, decode, chosen)
    rows = []
    geometry, energy_mev = data.geometry[chosen], data.energy_mev[chosen]
    windows = windows_around([1000 * centre for centre in WINDOWS_GEV], WINDOW_FACTOR)
    for name in sorted(set(map(str, geometry))):
        here = geometry == name
        filled = {
            centre: mask
            for centre, (low, high) in zip(WINDOWS_GEV, windows, strict=True)
            if (mask := here & (energy_mev >= low) & (energy_mev < high)).sum() >= FEWEST
        }
        for centre, mask in (filled or {0.0: here}).items():
            rows.append(_compare(name, centre, energy_mev[mask], real[mask], generated[mask]))
    return rows


def _layers_mev(
    data: TrainingData, sampling: Sampling, decode: Decode, chosen: Integers
) -> tuple[Float64, Float64]:
    """Return the energy in each layer, real and generated, (k, layers) MeV each."""
    latents = sampling.noise.draw(len(chosen), SEED)
    encoded = data.encode(sampling.encoding)[chosen]
    layer = np.eye(data.mesh.n_layers, dtype=np.float32)[data.mesh.indices()["z"]]
    real, generated = [], []
    for start in range(0, len(chosen), BLOCK):
        block = slice(start, start + BLOCK)
        incident = data.energy_mev[chosen[block]]
        outputs = np.array(decode(latents[block], encoded[block]), dtype=np.float32)
        cells = sampling.output.energies(outputs, incident, data.mesh)
        generated.append((cells @ layer).astype(np.float64))
        real.append(data.showers.dense(chosen[block]) @ layer * incident[:, None])
    return np.concatenate(real), np.concatenate(generated)


def _compare(
    name: str, centre: float, energy_mev: Float64, real: Float64, generated: Float64
) -> WindowScore:
    response = compare_means(real.sum(axis=1) / energy_mev, generated.sum(axis=1) / energy_mev)
    profile = compare_profiles(real, generated)
    return WindowScore(
        geometry=name,
        energy_gev=centre,
        showers=len(real),
        response_ratio=response.value,
        response_error=response.error,
        profile_l1=profile.value,
        profile_error=profile.error,
        profile_floor=profile.floor,
    )
