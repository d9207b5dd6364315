"""Compare all showers of two samples at once: what takes more of them than a window has."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.validation.compare import compare_distance
from caloexport.validation.energy_response import EnergyResponse
from caloexport.validation.estimate import FEW, Estimate
from caloexport.validation.measured_difference import place_of
from caloexport.validation.measurement import Measurement
from caloexport.validation.statistics.energy_shape import shape_distance
from caloexport.validation.statistics.hit_azimuth import azimuth_distance
from caloexport.validation.statistics.layer_correlation import correlation_distance
from caloexport.validation.statistics.standardised_layers import common_groups, standardised_layers
from caloexport.validation.windows import Window, angle_windows


def compare_whole(
    reference: Measurement,
    generated: Measurement,
    windows: Sequence[Window],
    energy: EnergyResponse,
    *,
    seed: int = 0,
) -> list[dict[str, Any]]:
    """Compare the showers in all windows together, and those of each angle.

    Args:
        reference, generated: of the same mesh.
        windows: of the incident energy.
        energy: response of both samples at every energy.
        seed: of resamplings.

    Returns:
        as the windows of :func:`caloexport.validation.summary`, over all energies. The first has
        ``response_slope``: difference of the change of E/E_inc per factor ten in energy;
        ``response_shape_ks``: distance of its shapes beyond mean and width; and
        ``layer_correlation_rms``: difference of the correlations between layers. Then follows one
        for each angle, with ``low_theta_rad`` and ``high_theta_rad``, that has
        ``hit_azimuth_distance``; of fewer than :data:`FEW` showers no metric. Empty if one of the
        samples has no shower in the windows.
    """
    numbered = [_numbered(one.energy_mev, windows) for one in (reference, generated)]
    sides = [one.take(n >= 0) for one, n in zip((reference, generated), numbered, strict=True)]
    if not all(map(len, sides)):
        return []
    numbered = [n[n >= 0] for n in numbered]
    estimates = {}
    if min(map(len, sides)) >= FEW:
        shapes = [
            np.column_stack([n, one.total_mev / one.energy_mev])
            for n, one in zip(numbered, sides, strict=True)
        ]
        estimates["response_shape_ks"] = compare_distance(shape_distance, *shapes, seed=seed)
    layers = _layers(sides, numbered)
    if min(map(len, layers)) >= FEW and (layers[0] != 0).any(axis=0).sum() > 1:
        estimates["layer_correlation_rms"] = compare_distance(
            correlation_distance, *layers, seed=seed
        )
    slope = _slope(energy)
    if slope is not None:
        estimates["response_slope"] = slope
    ends = {
        "low_mev": min(low for low, _ in windows),
        "high_mev": max(high for _, high in windows),
    }
    return [_entry(ends, sides, estimates), *_angles(ends, sides, seed)]


def _layers(sides: Sequence[Measurement], numbered: Sequence[Array]) -> list[Float64]:
    """Return layers of both samples, standardised in each energy window, angle and geometry."""
    windows = angle_windows(_angles_told(sides))
    keys = [[n] for n in numbered]
    for one, key in zip(sides, keys, strict=True):
        inside = [_inside(one, window) for window in windows]
        key.append(np.where(np.any(inside, axis=0), np.argmax(inside, axis=0), -1))
        if all(side.geometry is not None for side in sides):
            assert one.geometry is not None
            key.append(one.geometry)
    groups = common_groups(*map(tuple, keys))
    return [
        standardised_layers(one.energy_mev[g >= 0], one.longitudinal[g >= 0], g[g >= 0])
        for one, g in zip(sides, groups, strict=True)
    ]


def _angles(
    ends: dict[str, float], sides: Sequence[Measurement], seed: int
) -> list[dict[str, Any]]:
    """Compare the azimuth of hits among showers of each angle; too few of an angle have no metric."""
    found = []
    for window in angle_windows(_angles_told(sides)):
        here = [one.take(_inside(one, window)) for one in sides]
        hits = [one.hit_harmonics for one in here if one.hit_harmonics is not None]
        if len(hits) < 2 or (window is None and min(map(len, hits)) < FEW):
            continue
        estimates = {}
        if min(map(len, hits)) >= FEW:
            estimates["hit_azimuth_distance"] = compare_distance(azimuth_distance, *hits, seed=seed)
        told = ends
        if window is not None:
            told = {**ends, "low_theta_rad": window[0], "high_theta_rad": window[1]}
        found.append(_entry(told, here, estimates))
    return found


def _angles_told(sides: Sequence[Measurement]) -> Float64 | None:
    """Return the angles of the reference, if both samples tell theirs."""
    return sides[0].theta_rad if all(one.theta_rad is not None for one in sides) else None


def left_out(whole: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a sentence for each angle of which there are too few showers to compare.

    Args:
        whole: of :func:`compare_whole`.
    """
    return [
        f"the hits of {place_of(one)} are not compared: {one['n_reference']} reference and "
        f"{one['n_generated']} generated showers, at least {FEW} needed"
        for one in whole
        if "low_theta_rad" in one and not one["metrics"]
    ]


def _inside(one: Measurement, window: Window | None) -> Array:
    if window is None or one.theta_rad is None:
        return np.ones(len(one), dtype=bool)
    return (one.theta_rad >= window[0]) & (one.theta_rad < window[1])


def _entry(
    ends: dict[str, float], sides: Sequence[Measurement], estimates: dict[str, Estimate]
) -> dict[str, Any]:
    return {
        **ends,
        "n_reference": len(sides[0]),
        "n_generated": len(sides[1]),
        "metrics": {name: estimate.to_json() for name, estimate in estimates.items()},
    }


def _numbered(energy_mev: Float64, windows: Sequence[Window]) -> Array:
    """Return the number of the first window that each shower lies in; -1 for none."""
    inside = np.array([(energy_mev >= low) & (energy_mev < high) for low, high in windows])
    return np.where(inside.any(axis=0), inside.argmax(axis=0), -1)


def _slope(energy: EnergyResponse) -> Estimate | None:
    """Return the difference of the slopes of the response; None where one of them is not told."""
    usual, found = energy.reference.slope, energy.generated.slope
    if usual is None or found is None:
        return None
    value = found.value - usual.value
    if usual.error is None or found.error is None:
        return Estimate(value, None, None)
    sizes = [
        sum(getattr(one, side) for one in energy.points) for side in ("n_reference", "n_generated")
    ]
    floor = usual.error * math.sqrt(1 + sizes[0] / sizes[1]) * math.sqrt(2 / math.pi)
    return Estimate(value, math.hypot(usual.error, found.error), floor)
