"""The radial law of a parametrised shower, compiled."""

from __future__ import annotations

import math

from caloexport.runtime.kernels.kept import kept

#: radii are never less, in Molière radii
LEAST = 0.005


@kept()
def radial_law(tau, c):
    """Return core and tail radius in mm and the core's share at the relative depth ``tau``.

    c: constants, as ``gflash.radial.CONSTANTS`` names them.
    """
    core = c[0] + c[1] * tau
    tail = c[2] * (math.exp(c[4] * (tau - c[3])) + math.exp(c[5] * (tau - c[3])))
    q = (c[7] - tau) / c[8]
    share = c[6] * math.exp(q - math.exp(q))
    if c[10] > 0.0:  # sampling
        decay = math.exp(-tau)
        core += -0.0203 * c[9] + 0.0397 * c[10] * decay
        tail += -0.14 * c[9] - 0.495 * c[10] * decay
        share += c[9] * (0.348 - 0.642 * c[10] * math.exp(-((tau - 1.0) ** 2)))
    core = max(core, LEAST) * c[11] * c[14]
    tail = max(tail, LEAST) * c[12] * c[14]
    return core, tail, min(max(share * c[13], 0.0), 1.0)
