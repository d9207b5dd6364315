"""Move numbers of showers to one incident energy, so that samples are compared like with like.

Inside a window of energies most numbers rise with the energy, and two samples that were drawn apart have
other energies in it. What the logarithm of the energy explains is taken out: of numbers whose difference
is compared a straight line, of those whose ratio is compared a power of the energy. Line and power are
common to both samples, so that their difference or ratio at one energy stays.
"""

from __future__ import annotations

import numpy as np

from caloexport.runtime.arrays import Float64

#: incident energies (n,) MeV and a number of each shower (n,), NaN for showers that do not have it
Sample = tuple[Float64, Float64]


def at_one_energy(reference: Sample, generated: Sample) -> tuple[Float64, Float64]:
    """Return the numbers of both samples at the reference's mean log energy, to be subtracted.

    >>> energy = np.array([1.0, 2.0, 4.0, 8.0])
    >>> at_one_energy((energy, np.log2(energy)), (2 * energy, np.log2(energy) + 1.5))[1]
    array([2., 2., 2., 2.])
    """
    told = [_having(*one) for one in (reference, generated)]
    if not all(len(values) for _, values in told):
        return told[0][1], told[1][1]
    slope = _common_slope(told)
    middle = told[0][0].mean()
    usual, found = (values - slope * (log - middle) for log, values in told)
    return usual, found


def scaled_to_one_energy(reference: Sample, generated: Sample) -> tuple[Float64, Float64]:
    """Return the numbers of both samples at the reference's mean log energy, to be divided.

    A sample whose numbers are zero keeps them, and none becomes negative.

    Args:
        reference, generated: with numbers that are not negative.

    >>> energy = np.array([1.0, 2.0, 4.0, 8.0])
    >>> scaled_to_one_energy((energy, 3 * energy), (2 * energy, 0 * energy))[1]
    array([0., 0., 0., 0.])
    """
    told = [_having(*one) for one in (reference, generated)]
    rising = [(log, values / values.mean()) for log, values in told if values.any()]
    power = _common_slope(rising) if rising else 0.0
    middle = told[0][0].mean() if len(told[0][0]) else 0.0
    usual, found = (values * np.exp(-power * (log - middle)) for log, values in told)
    return usual, found


def _having(energy_mev: Float64, values: Float64) -> Sample:
    """Return log energies and numbers of the showers that have the number."""
    has = np.isfinite(values)
    return np.log(energy_mev[has]), values[has]


def _common_slope(samples: list[Sample]) -> float:
    """Return the slope of the straight line through each sample's middle that fits all of them."""
    away = [(log - log.mean(), values - values.mean()) for log, values in samples]
    spread = sum(float(log @ log) for log, _ in away)
    return sum(float(log @ values) for log, values in away) / spread if spread > 0 else 0.0
