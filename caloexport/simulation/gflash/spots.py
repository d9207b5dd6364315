"""How many spots a shower has, and of what energy.

The published number of spots, 93 ln(Z) E^0.876 of equal energy, was made for towers: in cells of a
quarter of a Molière radius it leaves most of those empty that tracking fills. There, a cell far from
the axis that has any energy has 0.8 MeV on average at every energy and every radius: what one
electron set free by a soft photon deposits. Spots here have exponential energies of that mean
in the tail, which makes 3 to 4 times the published number at 10 GeV; in the core, where cells see
many of them, fewer and larger ones make the same fluctuations and cost less.

In active slabs among passive ones, spots are as large as the resolution says: a number that
fluctuates by Poisson's law, times an exponential energy ε, has the variance 2 ε per energy, so that
c/√E of a visible share φ needs ε = c² φ GeV / 2.
"""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.simulation.gflash.tuning import Tuning

#: beyond this many spots nothing changes but the time
MOST = 400_000


def published_number(z: float, energy_mev: float) -> float:
    """Return the number of spots of a homogeneous calorimeter (hep-ex/0001020, section 2.3).

    >>> round(published_number(82, 10_000.0))
    3080
    """
    return float(93 * np.log(z) * (energy_mev / 1000) ** 0.876)


def spot_energies_mev(tuning: Tuning, visible: float, energy_mev: float) -> Float64:
    """Return the mean energy of a spot in the core, in the tail, and in visible slabs.

    Args:
        tuning: of the stack.
        visible: share of the deposit that active slabs among passive ones take.
        energy_mev: incident; above 250 GeV or so spots grow with it.

    >>> from caloexport.simulation.gflash.tuning import load_tuning
    >>> core, tail, visible = spot_energies_mev(load_tuning("siw"), 0.032, 10_000.0)
    >>> bool(core > tail > visible)
    True
    """
    in_visible = tuning.sampling_term**2 * max(visible, 1e-3) * 1000 / 2
    in_core = tuning.core_spot_mev * (energy_mev / 1000) ** tuning.core_spot_power
    energies = np.array([in_core, tuning.tail_spot_mev, in_visible])
    return energies * max(1.0, energy_mev / tuning.tail_spot_mev / MOST)
