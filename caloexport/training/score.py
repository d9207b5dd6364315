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


@dataclass(frozen=True)
class WindowScore:
    """Comparison of generated and full-simulation showers of one detector and energy window.

    Attributes:
        geometry: detector.
        energy_gev: centre of the window; 0 for all energies.
        showers: number of full-simulation showers.
        response: mean E_total/E_inc of the full simulation.
        ratio: generated over full-simulation mean response.
        ratio_error: statistical error of the ratio.
        spread, generated_spread: relative spread of the response.
        profile_l1: Σ over layers of |difference| of the normalised longitudinal profiles.
        profile_floor: what ``profile_l1`` would be of a perfect generator, by its statistics.
    """

    geometry: str
    energy_gev: float
    showers: int
    response: float
    ratio: float
    ratio_error: float
    spread: float
    generated_spread: float
    profile_l1: float
    profile_floor: float

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as JSON."""
        return asdict(self)


Decode = Callable[[Float32, Float32], Array]


def score(rows: list[WindowScore]) -> float:
    """Return one number, smaller is better: 1 when everything is off by its tolerance."""
    terms = [
        0.5 * (abs(r.ratio - 1) / RESPONSE_TOLERANCE + r.profile_l1 / PROFILE_TOLERANCE)
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
    real, generated = _layers(data, sampling, decode, chosen)
    rows = []
    geometry, energy_gev = data.geometry[chosen], data.energy_mev[chosen] / 1000
    for name in sorted(set(map(str, geometry))):
        here = geometry == name
        windows = {
            centre: here & (np.abs(np.log(energy_gev / centre)) < np.log(WINDOW_FACTOR))
            for centre in WINDOWS_GEV
        }
        filled = {centre: mask for centre, mask in windows.items() if mask.sum() >= FEWEST}
        for centre, mask in (filled or {0.0: here}).items():
            rows.append(_compare(name, centre, real[mask], generated[mask]))
    return rows


def _layers(
    data: TrainingData, sampling: Sampling, decode: Decode, chosen: Integers
) -> tuple[Float64, Float64]:
    """Return the fraction of E_inc in each layer, real and generated, (k, layers) each."""
    latents = sampling.noise.draw(len(chosen), SEED)
    encoded = data.encode(sampling.encoding)[chosen]
    layer = np.eye(data.mesh.n_layers, dtype=np.float32)[data.mesh.indices()["z"]]
    real, generated = [], []
    for start in range(0, len(chosen), BLOCK):
        block = slice(start, start + BLOCK)
        incident = data.energy_mev[chosen[block]]
        outputs = np.array(decode(latents[block], encoded[block]), dtype=np.float32)
        cells = sampling.output.energies(outputs, incident, data.mesh)
        generated.append(cells @ layer / incident[:, None])
        real.append(data.showers.dense(chosen[block]) @ layer)
    return np.concatenate(real).astype(np.float64), np.concatenate(generated)


def _compare(name: str, centre: float, real: Float64, generated: Float64) -> WindowScore:
    response, made = real.sum(axis=1), generated.sum(axis=1)
    errors = [_relative_spread(x) / np.sqrt(len(x)) for x in (response, made)]
    ratio = made.mean() / response.mean()
    # Halves differ by √2 more than two independent samples of the full size would.
    floor = _profile_l1(real[0::2], real[1::2]) / np.sqrt(2)
    return WindowScore(
        geometry=name,
        energy_gev=centre,
        showers=len(real),
        response=float(response.mean()),
        ratio=float(ratio),
        ratio_error=float(ratio * np.hypot(*errors)),
        spread=_relative_spread(response),
        generated_spread=_relative_spread(made),
        profile_l1=_profile_l1(real, generated),
        profile_floor=floor,
    )


def _relative_spread(values: Float64) -> float:
    return float(values.std() / values.mean()) if values.mean() > 0 else 0.0


def _profile_l1(one: Float64, other: Float64) -> float:
    profiles = [layers.sum(axis=0) / max(float(layers.sum()), 1e-30) for layers in (one, other)]
    return float(np.abs(profiles[0] - profiles[1]).sum())
