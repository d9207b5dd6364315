"""Numbers per shower on how its cells lie beside each other, which high-level features do not see.

For hits (cells above the readout cut) and for √(E_i E_j) / ΣE: pairs of cells that are neighbours in
azimuth (at 1, 2 and half of the cells around), in r (at 1) and in depth (at 1 and 2). Further the
hits without a neighbour in azimuth and depth, hits and share of the energy in each ring, shares of
the hottest, second, third, sixth, eleventh, … cells, distance of the energy's centre from the axis in
cells, mean depth in layers, all hits, and log10 of the total and the incident energy.

A generator that draws each cell for itself has the right features of the challenge and the wrong
neighbours: trees tell it by these alone.
"""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.mesh import CylinderMesh
from caloexport.validation.high_level_features import LEAST_MEV

#: places of the cells whose share of the energy is told, the hottest first
PLACES = (0, 1, 2, 5, 10, 20, 50)
#: showers whose cells are at work at once
BLOCK = 256
#: added to a share of the energy under a logarithm
LEAST_SHARE = 1e-6


def local_correlations(cells_mev: Array, energy_mev: Float64, mesh: CylinderMesh) -> Float64:
    """Return the numbers, (n, d).

    Args:
        cells_mev: (n, cells) after the readout cut, in the order of the mesh.
        energy_mev: (n,) incident.
        mesh: the cells.
    """
    parts = [
        _of_block(cells_mev[start : start + BLOCK], mesh)
        for start in range(0, len(cells_mev), BLOCK)
    ]
    return np.column_stack([np.concatenate(parts), np.log10(energy_mev)])


def _of_block(cells_mev: Array, mesh: CylinderMesh) -> Float64:
    axes = [1 + mesh.order.index(axis) for axis in ("z", "phi", "r")]
    cells = cells_mev.reshape(-1, *mesh.shape).transpose(0, *axes).astype(np.float64)
    total = cells.sum(axis=(1, 2, 3))
    shares = cells / np.maximum(total, LEAST_MEV)[:, None, None, None]
    hits = (cells > 0).astype(np.float64)
    ring = shares.sum(axis=(1, 2))
    return np.column_stack([
        *_pairs(hits), *_pairs(np.sqrt(shares)), _lonely(hits), hits.sum(axis=(1, 2)),
        np.log10(ring + LEAST_SHARE), np.log10(_places(shares) + LEAST_SHARE),
        _off_axis(shares, mesh), shares.sum(axis=(2, 3)) @ np.arange(mesh.n_z),
        hits.sum(axis=(1, 2, 3)), np.log10(total + LEAST_MEV),
    ])  # fmt: skip


def _pairs(cells: Float64) -> list[Float64]:
    """Return sums of products of cells (n, z, phi, r) with neighbours; azimuth closes on itself."""
    around = sorted({1, 2, max(1, cells.shape[2] // 2)})
    turned = [np.einsum("nzpr,nzpr->n", cells, np.roll(cells, by, axis=2)) for by in around]
    beside = [(cells[..., 1:], cells[..., :-1])]
    behind = [(cells[:, by:], cells[:, :-by]) for by in (1, 2)]
    return [*turned, *(np.einsum("nzpr,nzpr->n", *pair) for pair in (*beside, *behind))]


def _lonely(hits: Float64) -> Float64:
    """Count the hits without a neighbour in azimuth and in depth."""
    neighbours = np.roll(hits, 1, axis=2) + np.roll(hits, -1, axis=2)
    neighbours[:, 1:] += hits[:, :-1]
    neighbours[:, :-1] += hits[:, 1:]
    return np.asarray((hits * (neighbours == 0)).sum(axis=(1, 2, 3)))


def _places(shares: Float64) -> Float64:
    flat = shares.reshape(len(shares), -1)
    places = [place for place in PLACES if place < flat.shape[1]]
    at = [flat.shape[1] - 1 - place for place in places]
    return np.partition(flat, at, axis=1)[:, at]


def _off_axis(shares: Float64, mesh: CylinderMesh) -> Float64:
    phi = (np.arange(mesh.n_phi) + 0.5) * 2 * np.pi / mesh.n_phi
    radius = np.arange(mesh.n_r) + 0.5
    plane = shares.sum(axis=1)
    x, y = (np.einsum("npr,p,r->n", plane, turn(phi), radius) for turn in (np.cos, np.sin))
    return np.hypot(x, y)
