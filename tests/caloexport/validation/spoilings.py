"""Ways to spoil showers: what goes wrong in generators, and what looks as if it did.

Each takes energies (n, r, phi, z) and incident energies (n,) in MeV, and returns energies.
"""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Array, Float64


def untouched(cells: Array, energy_mev: Float64) -> Array:
    return cells


def mirrored(cells: Array, energy_mev: Float64) -> Array:
    """Change φ to -φ: cells count from -π."""
    return cells[:, :, ::-1]


def turned(cells: Array, energy_mev: Float64, part: float = 0.5) -> Array:
    """Turn about the axis, by π or another part of 2π."""
    return np.roll(cells, round(part * cells.shape[2]), axis=2)


def turned_by_a_seventh(cells: Array, energy_mev: Float64) -> Array:
    return turned(cells, energy_mev, 1 / 7)


def scaled(cells: Array, energy_mev: Float64, factor: float = 1.03) -> Array:
    return factor * cells


def resolution_lost(cells: Array, energy_mev: Float64) -> Array:
    """Scale each shower by a factor of its own, of 1 % spread."""
    factors = 1 + 0.01 * np.random.default_rng(1).standard_normal(len(cells))
    return each(cells, factors)


def drifting(cells: Array, energy_mev: Float64) -> Array:
    """Let the response rise by 2 % per factor ten in energy."""
    return each(cells, 1 + 0.02 * np.log10(energy_mev / 8e3))


def leaking(cells: Array, energy_mev: Float64) -> Array:
    """Take some per cent of the energy from a fifth of the showers."""
    lost = np.random.default_rng(2).exponential(0.05, len(cells))
    return each(cells, 1 - np.where(np.arange(len(cells)) % 5 == 0, lost, 0.0))


def two_layers_swapped(cells: Array, energy_mev: Float64) -> Array:
    """Exchange a layer before the maximum with one behind."""
    spoilt = cells.copy()
    spoilt[..., [5, 25]] = cells[..., [25, 5]]
    return spoilt


def layers_swapped_in_pairs(cells: Array, energy_mev: Float64) -> Array:
    """Exchange blocks of five layers with their neighbours."""
    blocks = cells.reshape(*cells.shape[:3], 9, 5)
    return blocks[..., [1, 0, 3, 2, 5, 4, 7, 6, 8], :].reshape(cells.shape)


def deeper(cells: Array, energy_mev: Float64) -> Array:
    """Move all by five layers."""
    return as_much(np.stack([moved(one, 5) for one in cells]), cells)


def all_alike_in_depth(cells: Array, energy_mev: Float64) -> Array:
    """Move each shower by whole layers to the depth that its energy has on average."""
    layers = cells.sum(axis=(1, 2), dtype=np.float64)
    depth = layers @ np.arange(cells.shape[3]) / layers.sum(axis=1)
    usual = np.polyval(np.polyfit(np.log(energy_mev), depth, 1), np.log(energy_mev))
    steps = np.rint(usual - depth).astype(int)
    found = [moved(one, step) for one, step in zip(cells, steps, strict=True)]
    return as_much(np.stack(found), cells)


def layers_of_others(cells: Array, energy_mev: Float64) -> Array:
    """Take each layer of a shower from another one of nearly the same energy."""
    order = np.argsort(energy_mev)
    spoilt = np.empty_like(cells)
    for z in range(cells.shape[3]):
        other = np.roll(order, z % 7 - 3)
        share = energy_mev[order] / energy_mev[other]
        spoilt[order, :, :, z] = each(cells[other, :, :, z], share)
    return spoilt


def smeared(cells: Array, energy_mev: Float64) -> Array:
    """Multiply each cell by a factor of its own, and put the total back."""
    factors = np.random.default_rng(3).lognormal(0.0, 1.0, cells.shape)
    return as_much(cells * factors, cells)


def blurred(cells: Array, energy_mev: Float64) -> Array:
    """Spread each cell over its neighbours in azimuth."""
    return (cells + np.roll(cells, 1, axis=2) + np.roll(cells, -1, axis=2)) / 3


def wider(cells: Array, energy_mev: Float64) -> Array:
    """Move a third of the energy outwards by one cell."""
    return as_much(0.7 * cells + 0.3 * np.roll(cells, 1, axis=1), cells)


def haloed(cells: Array, energy_mev: Float64) -> Array:
    """Add 3 % of the energy to all cells alike."""
    total = cells.sum(axis=(1, 2, 3), keepdims=True)
    return as_much(cells + 0.03 * total / cells[0].size, cells)


def half_emptied(cells: Array, energy_mev: Float64) -> Array:
    """Take the energy at negative azimuth."""
    spoilt = cells.copy()
    spoilt[:, :, : cells.shape[2] // 2] = 0
    return spoilt


def half_moved(cells: Array, energy_mev: Float64) -> Array:
    """Put the energy at negative azimuth into the other half."""
    return as_much(half_emptied(cells, energy_mev), cells)


def averaged(cells: Array, energy_mev: Float64) -> Array:
    """Give each shower the mean of six of nearly the same energy."""
    order = np.argsort(energy_mev)
    shares = each(cells[order], 1 / energy_mev[order])
    mean = sum(np.roll(shares, step, axis=0) for step in range(6)) / 6
    spoilt = np.empty_like(cells)
    spoilt[order] = each(mean, energy_mev[order])
    return spoilt


def moved(cells: Array, layers: int) -> Array:
    """Move one shower in depth; what leaves the mesh is lost."""
    spoilt = np.roll(cells, layers, axis=2)
    if layers > 0:
        spoilt[..., :layers] = 0
    elif layers < 0:
        spoilt[..., layers:] = 0
    return spoilt


def each(cells: Array, factors: Float64) -> Array:
    """Scale every shower by a factor of its own."""
    return cells * factors.reshape(-1, *[1] * (cells.ndim - 1))


def as_much(spoilt: Array, cells: Array) -> Array:
    """Give spoilt showers the energy that they had."""
    totals = [one.sum(axis=(1, 2, 3), dtype=np.float64) for one in (cells, spoilt)]
    return each(spoilt, totals[0] / totals[1])
