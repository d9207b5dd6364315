"""Move numbers of showers to one incident energy, so that samples are compared like with like.

Inside a window of energies most numbers rise with the energy, and two samples that were drawn apart have
other energies in it. What a straight line over the logarithm of the energy explains is taken out; the
line is common to both samples, so that their difference at one energy stays.
"""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Float64


def at_one_energy(
    reference: tuple[Float64, Float64], generated: tuple[Float64, Float64]
) -> tuple[Float64, Float64]:
    """Return the numbers of both samples at the reference's mean log energy.

    Args:
        reference, generated: incident energies (n,) MeV and a number of each shower (n,). Showers
            that do not have the number (NaN) are left out.

    >>> energy = np.array([1.0, 2.0, 4.0, 8.0])
    >>> at_one_energy((energy, np.log2(energy)), (2 * energy, np.log2(energy) + 1.5))[1]
    array([2., 2., 2., 2.])
    """
    told = [(np.log(energy), values) for energy, values in (reference, generated)]
    told = [(log[np.isfinite(values)], values[np.isfinite(values)]) for log, values in told]
    if not all(len(values) for _, values in told):
        return told[0][1], told[1][1]
    away = [(log - log.mean(), values - values.mean()) for log, values in told]
    spread = sum(float(log @ log) for log, _ in away)
    slope = sum(float(log @ values) for log, values in away) / spread if spread > 0 else 0.0
    middle = told[0][0].mean()
    usual, found = (values - slope * (log - middle) for log, values in told)
    return usual, found
