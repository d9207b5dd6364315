"""The spots of one parametrised shower: points with energies, compiled."""

from __future__ import annotations

import math

from caloexport.runtime.kernels.kept import kept
from caloexport.simulation.kernels.counter_random import gamma, poisson, two_uniforms, uniform
from caloexport.simulation.kernels.gflash_profile import drawn_profile, shared_by_depth
from caloexport.simulation.kernels.gflash_radial import radial_law
from caloexport.simulation.points import ALONG, ENERGY, RADIUS, SLAB, TURN

#: returned where the points do not suffice
FULL = -1


@kept()
def spots_of_sheet(counter, i, count, mean_mev, radius, reach, low, high, slab, points):
    """Put ``count`` spots of one sheet into the points from number ``i`` on; return the counter.

    With s uniform, r² = R² s/(1 - s) follows the radial law, cut where r is the reach.

    radius, reach: mm, of the law and where it ends · low, high: mm along the axis
    """
    last = reach * reach / (reach * reach + radius * radius)
    thickness = high - low
    for k in range(i, i + count):
        counter, u, turn = two_uniforms(counter)
        counter, v, e = two_uniforms(counter)
        s = last * u
        points[k, ENERGY] = -mean_mev * math.log(e)
        points[k, RADIUS] = radius * math.sqrt(s / (1.0 - s))
        points[k, TURN] = turn
        points[k, ALONG] = low + thickness * v
        points[k, SLAB] = slab
    return counter


@kept()
def rounded(counter, mean, as_poisson):
    """Return the next counter and a whole number of that mean: Poisson, or one of its neighbours."""
    if as_poisson:
        return poisson(counter, mean)
    counter, u = uniform(counter)
    return counter, int(mean + u)


@kept()
def all_spots(counter, profile, energies, sheets, slabs, visible, radial, spot_mev, points):
    """Fill the points with spots; return the next counter, their number and energy.

    profile: T, a, mean a, start, stretch · energies (k,) of the sheets · sheets: depth, low, high
    slabs (k,) of the sheets · visible (n_slabs,) bool: active among passive ones · radial: constants
    spot_mev: mean energy of a spot of the core, of the tail, and in visible slabs
    """
    t, a, mean_a, start, stretch = profile
    depth, low, high = sheets
    to_tau = (a - 1.0) / (a * t) * mean_a / max(mean_a - 1.0, 0.1)
    i = 0
    for k in range(slabs.size):
        slab = slabs[k]
        if slab < 0 or energies[k] <= 0.0:
            continue
        core, tail, share = radial_law((depth[k] * stretch - start) * to_tau, radial)
        for part in range(2):
            energy = energies[k] * (share if part == 0 else 1.0 - share)
            mean = spot_mev[2] if visible[slab] else spot_mev[part]
            counter, count = rounded(counter, energy / mean, visible[slab])
            if i + count > points.shape[0]:
                return counter, FULL
            counter = spots_of_sheet(
                counter, i, count, mean, core if part == 0 else tail, radial[15],
                low[k] * stretch, high[k] * stretch, slab, points,
            )  # fmt: skip
            i += count
    return counter, i


@kept()
def one_spot(counter, profile, energies, sheets, slabs, radial, points):
    """Put all energy of a shower too small for any spot into one, where most of it would be."""
    t, _, _, start, stretch = profile
    depth, low, high = sheets
    best = 0
    for k in range(slabs.size):
        if slabs[k] >= 0 and energies[k] >= energies[best]:
            best = k
    core, _, _ = radial_law((depth[best] * stretch - start) / t, radial)
    return spots_of_sheet(
        counter, 0, 1, energies[best], core, radial[15],
        low[best] * stretch, high[best] * stretch, slabs[best], points,
    )  # fmt: skip


@kept()
def shower(
    counter, energy, escaping, lump, conversion, stretch, law, guards, depth, weight, low, high, slabs,
    visible, radial, spot_mev, energies, points,
):  # fmt: skip
    """Make one shower; return the number of points, or FULL.

    Arguments as ``gflash.shower`` names them.
    """
    if escaping > 0.0:
        counter, lumps = gamma(counter, escaping / lump)
        energy = max(energy - lumps * lump, 0.5 * energy)
    counter, u = uniform(counter)
    start = -conversion * math.log(u)
    counter, t, a = drawn_profile(counter, law, guards[0], guards[1])
    shared_by_depth(energy, t, a, start, stretch, depth, weight, energies)
    profile = (t, a, law[1], start, stretch)
    sheets = (depth, low, high)
    counter, n = all_spots(
        counter, profile, energies, sheets, slabs, visible, radial, spot_mev, points
    )
    if n == 0:
        counter = one_spot(counter, profile, energies, sheets, slabs, radial, points)
        n = 1
    if n > 0:
        scale_to(energies, slabs, n, points)
    return n


@kept()
def scale_to(energies, slabs, n, points):
    """Scale the energies of the points so that they sum to those of the sheets that are somewhere."""
    wanted = 0.0
    for k in range(slabs.size):
        if slabs[k] >= 0:
            wanted += energies[k]
    found = 0.0
    for i in range(n):
        found += points[i, ENERGY]
    factor = wanted / found if found > 0.0 else 0.0
    for i in range(n):
        points[i, ENERGY] *= factor
