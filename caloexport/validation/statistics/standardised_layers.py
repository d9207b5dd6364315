"""Energies of layers in units of what they vary by among showers of one kind.

Low energies fluctuate most, relative to the energy: of showers of all energies put together as they are,
correlations are those of the lowest. Each group of one energy, angle and geometry is taken about its own
trend, in its own widths, so that all count alike.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from caloexport.runtime.arrays import Array, Float64, Integers
from caloexport.validation.statistics.layer_correlation import in_widths

#: of fewer showers in a group, the trend with energy takes too much of what they vary by
FEWEST = 10


def standardised_layers(energy_mev: Float64, layers: Float64, group: Integers) -> Float64:
    """Return the layers' energies about the trend of each group, in units of their width there.

    Args:
        energy_mev: (n,) incident energies.
        layers: (n, layers) MeV.
        group: (n,) number of each shower's group.

    Returns:
        (n, layers); 0 for a layer that does not vary in its group.

    >>> energy = np.full(20, 2.0)
    >>> layers = np.tile([[1.0, 1.0], [0.5, 1.0]], (10, 1))
    >>> standardised_layers(energy, layers, np.zeros(20, dtype=int))[:2].round(6).tolist()
    [[1.0, 0.0], [-1.0, 0.0]]
    """
    rows = np.zeros(layers.shape)
    for number in np.unique(group):
        here = group == number
        units = in_widths(energy_mev[here], layers[here])
        rows[here] = np.where(np.isfinite(units), units, 0.0)
    return rows


def common_groups(
    reference: tuple[Array, ...], generated: tuple[Array, ...]
) -> tuple[Integers, Integers]:
    """Number the groups that both samples have :data:`FEWEST` showers of; -1 for all others.

    Args:
        reference, generated: (n,) each: what tells groups apart, in one order.

    >>> ten, two = np.repeat(7, 10), np.array([7, 8])
    >>> common_groups((ten,), (np.concatenate([ten, two]),))[1].tolist()
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1]
    """
    keys = [
        list(zip(*map(np.ndarray.tolist, side), strict=True)) for side in (reference, generated)
    ]
    counts = [Counter(rows) for rows in keys]
    common = (key for key in sorted(counts[0]) if min(count[key] for count in counts) >= FEWEST)
    numbers = {key: number for number, key in enumerate(common)}
    first, second = (
        np.array([numbers.get(key, -1) for key in rows], dtype=np.int64) for rows in keys
    )
    return first, second
