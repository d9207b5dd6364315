"""Conditions in words: of a sample, or those that a model was trained on."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.conditions import Condition
from caloexport.runtime.units import format_energy

NAMES = {
    "energy_mev": "energy", "theta_rad": "polar angle θ", "phi_rad": "azimuth φ", "pdg": "PDG code",
}  # fmt: skip
#: more different values than this are told as a range
FEW = 6


def sample_conditions(conditions: Mapping[str, Array]) -> list[tuple[str, str]]:
    """Return name and values of the conditions of showers.

    >>> sample_conditions({"energy_mev": np.array([1e3, 64e3])})
    [('energy', '1 GeV, 64 GeV')]
    """
    return [(NAMES.get(name, name), _values(name, np.asarray(v))) for name, v in conditions.items()]


def model_conditions(conditions: tuple[Condition, ...]) -> list[tuple[str, str]]:
    """Return name and range of the conditions of a model."""
    rows = []
    for one in conditions:
        if one.categories:
            text = ", ".join(one.categories)
        elif one.low is None or one.high is None:
            text = "any"
        else:
            text = _range(one.name, one.low, one.high)
        rows.append((NAMES.get(one.name, one.name), text))
    return rows


def _values(name: str, values: Array) -> str:
    if values.dtype.kind in "USO":
        return ", ".join(sorted({str(value) for value in values}))
    distinct = np.unique(values)
    if len(distinct) <= FEW:
        return ", ".join(dict.fromkeys(_written(name, float(value)) for value in distinct))
    return _range(name, float(distinct[0]), float(distinct[-1]))


def _range(name: str, low: float, high: float) -> str:
    first, last = _written(name, low), _written(name, high)
    return first if first == last else f"{first} to {last}"


def _written(name: str, value: float) -> str:
    if name.endswith("_mev"):
        return format_energy(value)
    if name in ("theta_rad", "phi_rad"):
        return f"{math.degrees(value):.4g}°"
    return f"{value:.4g}" + (" mm" if name.endswith("_mm") else "")
