"""The metrics that compare two samples inside one window of the incident energy."""

from __future__ import annotations

from functools import partial

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.validation.azimuth import harmonic_length
from caloexport.validation.compare import (
    compare_means,
    compare_profiles,
    compare_shift,
    compare_statistics,
)
from caloexport.validation.estimate import Estimate
from caloexport.validation.measurement import Measurement
from caloexport.validation.profile_moments import profile_moments
from caloexport.validation.same_energy import at_one_energy, scaled_to_one_energy
from caloexport.validation.statistics.radius import radius_of_share
from caloexport.validation.statistics.resolution import resolution
from caloexport.validation.statistics.spread import spread


def window_metrics(usual: Measurement, found: Measurement, *, seed: int = 0) -> dict[str, Estimate]:
    """Compare the showers of one window; see :func:`caloexport.validation.summary` for the names.

    Args:
        usual, found: reference and generated sample, of one shower or more each. Places are those
            of the reference's cells: a generator may not know how large they are.
        seed: of resamplings.

    Raises:
        UsageError: different meshes, or a reference without energy.
    """
    responses = [one.total_mev / one.energy_mev for one in (usual, found)]
    estimates = {"response_ratio": compare_means(*responses)}
    if resolution(responses[0]) > 0:
        estimates["resolution_ratio"] = compare_statistics(resolution, *responses, seed=seed)
    estimates |= {
        "longitudinal_l1": compare_profiles(usual.longitudinal, found.longitudinal, seed=seed),
        **_depths(usual, found, seed),
    }
    if usual.lateral is not None and found.lateral is not None:
        radius = partial(radius_of_share, usual.edges["r"][0])
        estimates |= {
            "lateral_l1": compare_profiles(usual.lateral, found.lateral, seed=seed),
            "r90_ratio": compare_statistics(radius, usual.lateral, found.lateral, seed=seed),
            **_ratios(usual, found, *(_radii(one, usual.centres("r")) for one in (usual, found))),
        }
    if usual.azimuthal is not None and found.azimuthal is not None:
        round_about = [
            {"phi_asymmetry_ratio": harmonic_length(one.azimuthal, usual.centres("phi"))}
            for one in (usual, found)
            if one.azimuthal is not None
        ]
        estimates |= {
            "phi_l1": compare_profiles(usual.azimuthal, found.azimuthal, seed=seed),
            **_ratios(usual, found, *round_about),
        }
    hits = [{"occupancy_ratio": one.occupancy} for one in (usual, found)]
    return {
        **estimates,
        **_ratios(usual, found, *hits),
        "cell_spectrum_l1": compare_profiles(usual.octaves, found.octaves, seed=seed),
    }


def _ratios(
    usual: Measurement,
    found: Measurement,
    one: dict[str, Float64],
    other: dict[str, Float64],
) -> dict[str, Estimate]:
    """Compare the means of numbers at one energy; a number that the reference has not is left out."""
    pairs = {
        name: scaled_to_one_energy((usual.energy_mev, one[name]), (found.energy_mev, other[name]))
        for name in one
    }
    return {
        name: compare_means(*pair)
        for name, pair in pairs.items()
        if all(map(len, pair)) and pair[0].mean() > 0
    }


def _radii(one: Measurement, centres: Float64) -> dict[str, Float64]:
    assert one.lateral is not None
    first, second = profile_moments(one.lateral, centres)
    return {"radius_ratio": first, "radius_variance_ratio": second}


def _depths(usual: Measurement, found: Measurement, seed: int) -> dict[str, Estimate]:
    """Compare where showers lie in depth, how long they are, and how that changes among them."""
    sides = [profile_moments(one.longitudinal, usual.centres("z")) for one in (usual, found)]
    lengths = [{"depth_variance_ratio": second} for _, second in sides]
    estimates = _ratios(usual, found, *lengths)
    depths = at_one_energy((usual.energy_mev, sides[0][0]), (found.energy_mev, sides[1][0]))
    if "depth_variance_ratio" not in estimates:  # one layer, or no energy
        return {}
    length = float(np.sqrt(np.nanmean(sides[0][1])))
    estimates["depth_shift"] = compare_shift(*depths, length)
    if spread(depths[0]) > 0:
        estimates["depth_spread_ratio"] = compare_statistics(spread, *depths, seed=seed)
    return estimates
