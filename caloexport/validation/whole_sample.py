"""Compare all showers of two samples at once: what takes more of them than a window has."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.validation.compare import compare_distance
from caloexport.validation.energy_response import EnergyResponse
from caloexport.validation.estimate import FEW, Estimate
from caloexport.validation.measurement import Measurement
from caloexport.validation.statistics.energy_shape import shape_distance
from caloexport.validation.statistics.hit_azimuth import azimuth_distance
from caloexport.validation.statistics.layer_correlation import (
    correlation_distance,
    layer_correlation,
)
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
        ``hit_azimuth_distance``. Empty if one of the samples has no shower in the windows.
    """
    numbered = [_numbered(one.energy_mev, windows) for one in (reference, generated)]
    sides = [one.take(n >= 0) for one, n in zip((reference, generated), numbered, strict=True)]
    if not all(map(len, sides)):
        return []
    shapes, layers = (
        [
            np.column_stack([n[n >= 0], one.total_mev / one.energy_mev])
            for n, one in zip(numbered, sides, strict=True)
        ],
        [np.column_stack([one.energy_mev, one.longitudinal]) for one in sides],
    )
    estimates = {}
    if min(map(len, sides)) >= FEW:
        estimates["response_shape_ks"] = compare_distance(shape_distance, *shapes, seed=seed)
    if min(map(len, sides)) >= FEW and np.isfinite(layer_correlation(layers[0])).sum() > 1:
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


def _angles(
    ends: dict[str, float], sides: Sequence[Measurement], seed: int
) -> list[dict[str, Any]]:
    """Compare the azimuth of hits among showers of one angle, in each that both samples have."""
    found = []
    told_by_both = all(one.theta_rad is not None for one in sides)
    for window in angle_windows(sides[0].theta_rad if told_by_both else None):
        here = [one.take(_inside(one, window)) for one in sides]
        hits = [one.hit_harmonics for one in here if one.hit_harmonics is not None]
        if len(hits) < 2 or min(map(len, hits)) < FEW:
            continue
        estimate = compare_distance(azimuth_distance, *hits, seed=seed)
        told = ends
        if window is not None:
            told = {**ends, "low_theta_rad": window[0], "high_theta_rad": window[1]}
        found.append(_entry(told, here, {"hit_azimuth_distance": estimate}))
    return found


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
