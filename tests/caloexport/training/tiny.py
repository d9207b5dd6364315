"""Showers and settings so small that a training takes a second."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from caloexport.runtime.mesh import CylinderMesh
from caloexport.showers.write import write_showers
from caloexport.training.data import TrainingData, load
from caloexport.training.fastv.settings import Loss, Network
from caloexport.training.fastv.trainer import FastvTrainer
from caloexport.training.settings import Conditions, Schedule

MESH = CylinderMesh(3, 4, 5, 2.0, 3.0)
CONDITIONS = Conditions(geometry_codes={"pbwo4": 0, "scipb": 1, "siw": 2}, geometry_size=3)
NETWORK = Network(mesh=MESH.shape, latent=3, hidden=(8, 4))
CONFIG = """
[network]
mesh = [3, 4, 5]
latent = 3
hidden = [8, 4]

[training]
batch = 8
evaluate_every = 1
"""


def write(
    path: Path,
    geometry: str = "siw",
    n: int = 40,
    theta_deg: float = 90.0,
    mesh: CylinderMesh = MESH,
    highest_mev: float = 64e3,
    pdg: int | None = None,
) -> Path:
    """Write showers with an exponential profile in depth and a tenth of the cells empty."""
    random = np.random.default_rng(len(geometry) + n)
    energy = np.exp(random.uniform(math.log(1e3), math.log(highest_mev), n))
    depth = np.exp(-np.arange(mesh.n_z) / (1 + 0.2 * np.log(energy / 1e3))[:, None])
    cells = random.exponential(size=(n, *mesh.shape)) * depth[:, None, None, :]
    cells[random.random(cells.shape) < 0.1] = 0
    cells *= (0.9 * energy / cells.sum(axis=(1, 2, 3)))[:, None, None, None]
    conditions = {
        "energy_mev": energy,
        "theta_rad": np.full(n, math.radians(theta_deg)),
        "geometry": np.full(n, geometry),
        **({} if pdg is None else {"pdg": np.full(n, pdg)}),
    }
    write_showers(
        path, "par04", mesh, conditions, [cells.astype(np.float32)], {"geometry": geometry}
    )
    return path


def config(folder: Path, text: str = CONFIG) -> Path:
    """Write a configuration that shrinks a preset to the tiny mesh."""
    path = folder / "tiny.toml"
    path.write_text(text)
    return path


def data(folder: Path, *geometries: str) -> TrainingData:
    """Load tiny showers of some detectors."""
    files = [write(folder / f"{name}.h5", name) for name in geometries or ("siw",)]
    return load(files, held_back=0.2)


def trainer(
    showers: TrainingData, seed: int = 0, beta: float | str = 0.01, batch: int = 8,
    total: float = 0.0,
) -> FastvTrainer:  # fmt: skip
    """Make a trainer of a tiny network."""
    loss, schedule = Loss(beta, total), Schedule(batch=batch)
    return FastvTrainer(NETWORK, CONDITIONS, loss, schedule, showers, seed)
