"""Showers in the 368 photon voxels of CaloChallenge's dataset 1, made by hand for short trainings.

Each layer falls exponentially with the radius; the shower moves deeper with ln E and its total fluctuates by
10 %/√E. The last layer, of the tile calorimeter, stays empty, as it does for photons of the simulation.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.mesh import LayeredMesh
from caloexport.showers.binning import read_binning
from caloexport.showers.write import write_showers
from caloexport.training.data import TrainingData, load

ENERGIES_MEV = (4096.0, 32768.0, 262144.0)
FALLS_MM = (20.0, 15.0, 20.0, 40.0, 50.0)


def mesh() -> LayeredMesh:
    """Return the voxels."""
    (binning,) = read_binning("calochallenge1-photons")
    assert isinstance(binning.mesh, LayeredMesh)
    return binning.mesh


def showers(energy_mev: float, n: int, seed: int = 0) -> tuple[Float32, dict[str, Array]]:
    """Return voxels (n, 368) in MeV and the conditions."""
    random = np.random.default_rng((seed, int(energy_mev)))
    voxels = mesh()
    index = voxels.indices()
    layer = index["z"]
    radius = np.array(
        [
            sum(voxels.layers[z].r_edges_mm[r : r + 2]) / 2
            for z, r in zip(layer, index["r"], strict=True)
        ]
    )
    total = 0.18 * energy_mev * (1 + 0.1 / np.sqrt(energy_mev / 1e3) * random.standard_normal(n))
    depth = 0.1 * np.log(energy_mev / 1e3) + 0.1 * random.standard_normal(n)
    shares = np.exp(np.array([-3.0, 0.0, 0.0, -4.0, -np.inf])[None, :] * np.ones((n, 1)))
    shares[:, :4] *= np.exp(depth[:, None] * np.array([-1, -1, 1, 2]))
    shares /= shares.sum(axis=1, keepdims=True)
    weights = np.exp(-radius / np.array(FALLS_MM)[layer]) * random.exponential(size=(n, len(layer)))
    weights[weights < 1e-3] = 0
    sums = np.stack([weights[:, layer == z].sum(axis=1) for z in range(voxels.n_layers)], axis=1)
    cells = total[:, None] * shares[:, layer] * weights / np.maximum(sums, 1e-30)[:, layer]
    return cells.astype(np.float32), {"energy_mev": np.full(n, energy_mev)}


def write(folder: Path, energies_mev: Sequence[float] = ENERGIES_MEV, n: int = 60) -> list[Path]:
    """Write one file per energy."""
    paths = []
    for energy in energies_mev:
        cells, conditions = showers(energy, n)
        path = folder / f"photons-{energy:g}-voxels.h5"
        write_showers(path, "calochallenge", mesh(), conditions, [cells], {})
        paths.append(path)
    return paths


def data(folder: Path, n: int = 60) -> TrainingData:
    """Load such showers."""
    return load(write(folder, n=n), held_back=0.25)
