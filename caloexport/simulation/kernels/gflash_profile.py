"""The longitudinal profile of one parametrised shower, compiled."""

from __future__ import annotations

import math

from caloexport.runtime.kernels.kept import kept
from caloexport.simulation.kernels.counter_random import two_normals


@kept()
def drawn_profile(counter, law, least_t, least_a):
    """Return the next counter, T and a.

    law: means of T and a, sigmas of their logarithms, correlation
    """
    counter, first, second = two_normals(counter)
    plus = math.sqrt(0.5 * (1.0 + law[4]))
    minus = math.sqrt(0.5 * (1.0 - law[4]))
    t = law[0] * math.exp(law[2] * (plus * first + minus * second))
    a = law[1] * math.exp(law[3] * (plus * first - minus * second))
    return counter, max(t, least_t), max(a, least_a)


@kept()
def shared_by_depth(energy, t, a, start, stretch, depth, weight, energies):
    """Share an energy among the sheets (k,) of the stack; fills ``energies`` (k,).

    start: depth in radiation lengths at which the shower begins · stretch: path over depth
    """
    b = (a - 1.0) / t
    total = 0.0
    for k in range(depth.size):
        x = depth[k] * stretch - start
        energies[k] = weight[k] * math.exp((a - 1.0) * math.log(x) - b * x) if x > 0.0 else 0.0
        total += energies[k]
    if total > 0.0:
        for k in range(depth.size):
            energies[k] *= energy / total
