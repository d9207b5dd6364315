"""Showers in the window of ATLAS' EM barrel, made by hand so that a training takes a second.

Each layer falls exponentially with the distance from the impact point; the shower moves deeper with ln E and
its total fluctuates by 10 %/√E.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.window_mesh import ATLAS_WINDOW
from caloexport.showers.write import write_showers
from caloexport.training.data import TrainingData, load
from caloexport.training.terms import Terms

ENERGIES_MEV = (1024.0, 16384.0, 262144.0)
SIZES = (0.03, 0.03, 0.02, 0.03)
#: section [conditions] of the presets for such showers
CONDITIONS = {
    "terms": [
        {"kind": "standardised_log", "condition": "energy_mev", "mean": 9.7, "sigma": 1.76},
        {
            "kind": "one_hot",
            "condition": "pconfig",
            "codes": {str(i): i for i in range(4)},
            "size": 4,
        },
        {"kind": "one_hot", "condition": "econfig", "codes": {"0": 0, "1": 1}, "size": 2},
        {"kind": "linear", "condition": "ripos_eta", "offset": 0.0, "scale": 0.0072},
        {"kind": "linear", "condition": "ripos_phi", "offset": 0.0, "scale": 0.0071},
    ]
}
ENCODING = Terms(tuple(CONDITIONS["terms"])).encoding


def showers(energy_mev: float, n: int, seed: int = 0) -> tuple[Float32, dict[str, Array]]:
    """Return cells (n, 266) in MeV and the conditions."""
    random = np.random.default_rng((seed, int(energy_mev)))
    conditions: dict[str, Array] = {
        "energy_mev": np.full(n, energy_mev),
        "ripos_eta": random.uniform(-0.0125, 0.0125, n),
        "ripos_phi": random.uniform(-0.01227, 0.01227, n),
        "pconfig": random.integers(4, size=n),
        "econfig": random.integers(2, size=n),
    }
    total = 0.18 * energy_mev * (1 + 0.1 / np.sqrt(energy_mev / 1e3) * random.standard_normal(n))
    depth = 0.1 * np.log(energy_mev / 1e3) + 0.1 * random.standard_normal(n)
    shares = np.exp(np.array([-3.0, 0.0, 0.0, -4.0]) + depth[:, None] * np.array([-1, -1, 1, 2]))
    shares /= shares.sum(axis=1, keepdims=True)
    layer = ATLAS_WINDOW.indices()["z"]
    impact = np.stack([conditions["ripos_eta"], conditions["ripos_phi"]], axis=1)
    cells = np.empty((n, len(layer)))
    for i in range(n):
        places = ATLAS_WINDOW.positions(conditions["pconfig"][i], conditions["econfig"][i])
        distance = np.hypot(*(places - impact[i]).T)
        weight = np.exp(-distance / np.array(SIZES)[layer]) * random.exponential(size=len(layer))
        weight[weight < 1e-3] = 0
        sums = np.bincount(layer, weight)
        cells[i] = total[i] * shares[i, layer] * weight / sums[layer]
    return cells.astype(np.float32), conditions


def write(folder: Path, energies_mev: Sequence[float] = ENERGIES_MEV, n: int = 60) -> list[Path]:
    """Write one file per energy."""
    paths = []
    for energy in energies_mev:
        cells, conditions = showers(energy, n)
        path = folder / f"photons-{energy:g}.h5"
        write_showers(path, "calochallenge", ATLAS_WINDOW, conditions, [cells], {})
        paths.append(path)
    return paths


def data(folder: Path, n: int = 60) -> TrainingData:
    """Load such showers."""
    return load(write(folder, n=n), held_back=0.25)
