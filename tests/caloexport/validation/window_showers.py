"""Showers in ATLAS' window of 266 cells, of hits thrown about the place of impact: made in no time."""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.conditions import Condition
from caloexport.runtime.encodings import Term
from caloexport.runtime.generator import Generator
from caloexport.runtime.window_mesh import ATLAS_WINDOW as MESH
from caloexport.showers import from_arrays
from caloexport.showers.showers import Showers
from tests.converters.contracts.generators import linear, trained

#: share of the energy in each layer, and spread of the hits in η and φ
SHARES = (0.02, 0.25, 0.68, 0.05)
SPREAD = 0.006
RESPONSE = 0.18


def window_showers(
    energies_mev: tuple[float, ...] = (4e3, 16e3),
    n: int = 200,
    seed: int = 0,
    *,
    hits: int = 120,
    spread: float = SPREAD,
    stochastic: float = 0.1,
    scale: float = 1.0,
    blind: bool = False,
    name: str = "window",
) -> Showers:
    """Make n showers of each energy.

    Args:
        energies_mev: incident energies.
        n: showers of each.
        seed: of everything random.
        hits: per shower.
        spread: of the hits in η and φ.
        stochastic: a of the resolution a/√(E/GeV), with a constant term of 1 %.
        scale: factor on the response.
        blind: throw the hits about the middle of the impact cell, wherever the particle enters.
        name: of the sample.
    """
    random = np.random.default_rng(seed)
    energy = np.repeat(np.array(energies_mev), n)
    total = len(energy)
    middle = MESH.layers[MESH.reference]
    impact = random.uniform(-0.5, 0.5, (total, 2)) * (middle.d_eta, middle.d_phi)
    conditions = {
        "energy_mev": energy,
        "ripos_eta": impact[:, 0],
        "ripos_phi": impact[:, 1],
        "pconfig": np.arange(total) % 4,
        "econfig": np.arange(total) // 4 % 2,
    }
    centre = np.zeros_like(impact) if blind else impact
    places = centre[:, None, :] + random.normal(0, spread, (total, hits, 2))
    layer = random.choice(len(SHARES), (total, hits), p=SHARES)
    cells = _cells(places, layer, conditions["pconfig"], conditions["econfig"])
    width = np.hypot(stochastic / np.sqrt(energy / 1e3), 0.01)
    sums = scale * RESPONSE * energy * random.normal(1, width).clip(0.1)
    cells *= (sums / np.maximum(cells.sum(axis=1), 1))[:, None]
    return from_arrays(cells.astype(np.float32), MESH, conditions, name=name)


def _cells(places: Float64, layer: Array, pconfig: Array, econfig: Array) -> Float64:
    """Count the hits (n, hits, 2) of each cell, (n, 266)."""
    starts = np.cumsum([0, *(one.n_eta * one.n_phi for one in MESH.layers)])
    counts = np.zeros((len(places), MESH.shape[0]))
    for i, (phi_place, eta_place) in enumerate(zip(pconfig, econfig, strict=True)):
        edges = MESH.lower_edges(int(phi_place), int(eta_place))[layer[i]]
        sizes = np.array([(one.d_eta, one.d_phi) for one in MESH.layers])[layer[i]]
        numbers = np.array([(one.n_eta, one.n_phi) for one in MESH.layers])[layer[i]]
        index = np.floor((places[i] - edges) / sizes).astype(int)
        inside = ((index >= 0) & (index < numbers)).all(axis=1)
        flat = starts[layer[i]] + index[:, 0] * numbers[:, 1] + index[:, 1]
        counts[i] = np.bincount(flat[inside], minlength=MESH.shape[0])
    return counts


def window_decoder() -> Generator:
    """Return an untrained decoder with all conditions of ATLAS' cell-level GAN."""
    terms = (
        linear(10_000.0),
        linear(0.02, "ripos_eta"),
        linear(0.02, "ripos_phi"),
        Term("one_hot", "pconfig", {"codes": {str(k): k for k in range(4)}, "size": 4}),
        Term("one_hot", "econfig", {"codes": {"0": 0, "1": 1}, "size": 2}),
    )
    conditions = (
        Condition("energy_mev", 1e3, 65e3),
        Condition("ripos_eta", -0.0125, 0.0125),
        Condition("ripos_phi", -0.0125, 0.0125),
        Condition("pconfig", categories=tuple("0123")),
        Condition("econfig", categories=tuple("01")),
    )
    return trained(terms, MESH, conditions=conditions)
