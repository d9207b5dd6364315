"""Energy windows in which samples are compared."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import UsageError
from caloexport.runtime.units import format_energy

Window = tuple[float, float]

#: more different energies than this count as a continuous spectrum
MAX_DISTINCT = 20
CONTINUOUS_WINDOWS = 3
#: more different angles than this are taken on either side of 90 degrees
MAX_ANGLES = 6
#: an angle beyond 90 degrees, in rad, that leans to the other side
SIDEWAYS = 0.01


def windows_around(energies_mev: Iterable[float], factor: float = 1.6) -> list[Window]:
    """Return windows from energy/factor to energy*factor.

    Raises:
        UsageError: an energy that is not above zero, or that is named twice.

    >>> windows_around([10_000.0], factor=2.0)
    [(5000.0, 20000.0)]
    """
    energies_mev = list(energies_mev)
    for i, energy in enumerate(energies_mev):
        if not energy > 0:
            message = f"no shower has an energy around {energy:g} MeV, expected > 0"
            raise UsageError(message)
        if energy in energies_mev[:i]:
            message = f"{format_energy(energy)} is named twice: its showers would count double"
            raise UsageError(message, hint="name each energy once")
    return [(energy / factor, energy * factor) for energy in energies_mev]


def default_windows(energy_mev: Float64) -> list[Window]:
    """Return one window per energy of a scan, or three of equal ratio for a spectrum.

    >>> default_windows(np.geomspace(1000.0, 64_000.0, 100))[0]
    (1000.0, 4000.0)
    """
    distinct = np.unique(energy_mev)
    if len(distinct) <= MAX_DISTINCT:
        return windows_around(distinct.tolist(), factor=1.01)
    edges = np.geomspace(distinct[0], distinct[-1], CONTINUOUS_WINDOWS + 1).round(6)
    edges[0] = min(edges[0], distinct[0])  # not rounded upwards past the lowest energy
    edges[-1] = np.nextafter(distinct[-1], np.inf)  # the highest energy belongs to the last one
    return [(float(low), float(high)) for low, high in itertools.pairwise(edges)]


def angle_windows(theta_rad: Float64 | None) -> list[Window | None]:
    """Return one window per angle of a scan, or those of a spectrum that lean to one side.

    Showers that lean to opposite sides are mirror images of each other: put together, they would look
    as if they came in straight.

    Args:
        theta_rad: (n,); None where the showers do not tell, which gives one window of all.

    >>> [len(angle_windows(np.array(angles))) for angles in ([1.57, 1.57], [1.0, 1.3, 1.0])]
    [1, 2]
    """
    if theta_rad is None:
        return [None]
    distinct = np.unique(np.asarray(theta_rad, dtype=np.float64).round(4))
    if len(distinct) <= MAX_ANGLES:
        return [(float(angle) - 1e-4, float(angle) + 1e-4) for angle in distinct]
    low, high = float(distinct[0]) - 1e-4, float(distinct[-1]) + 1e-4
    upright = np.pi / 2
    if min(upright - low, high - upright) < SIDEWAYS:
        return [(low, high)]
    return [(low, upright), (upright, high)]
