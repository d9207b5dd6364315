"""Parts of two samples that are looked at alone: one angle, one geometry."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Array, Float64

#: more different angles than this are a spectrum, which is cut into windows
MOST_ANGLES = 6
WINDOWS = 3
#: angles that differ by less are one
SAME_RAD = 1e-3
Conditions = Mapping[str, Array]


@dataclass(frozen=True)
class Part:
    """Some showers of each sample.

    Attributes:
        label: for people: ``"60°"``.
        inside: conditions -> mask (n,).
    """

    label: str
    inside: Callable[[Conditions], Array]


def parts_of(reference: Conditions, generated: Conditions) -> list[Part]:
    """Return the parts that both samples have; none where there is one angle and one geometry.

    >>> angles = {"theta_rad": np.radians([60.0, 60.0, 90.0])}
    >>> [part.label for part in parts_of(angles, angles)]
    ['60°', '90°']
    """
    parts = []
    for name, make in (("theta_rad", _angles), ("geometry", _geometries)):
        if name not in reference or name not in generated:
            continue
        made = make(reference[name])
        if len(made) > 1:
            parts += [p for p in made if p.inside(reference).any() and p.inside(generated).any()]
    return parts


def _angles(theta_rad: Array) -> list[Part]:
    values = np.asarray(theta_rad, dtype=np.float64)
    distinct = np.unique((values / SAME_RAD).round()) * SAME_RAD
    if len(distinct) <= MOST_ANGLES:
        return [_angle(value - SAME_RAD, value + SAME_RAD, _degrees(value)) for value in distinct]
    edges = np.linspace(values.min(), np.nextafter(values.max(), np.inf), WINDOWS + 1)
    return [
        _angle(low, high, f"{_degrees(low)} to {_degrees(high)}")
        for low, high in itertools.pairwise(edges)
    ]


def _angle(low: float, high: float, label: str) -> Part:
    def inside(conditions: Conditions) -> Array:
        theta: Float64 = np.asarray(conditions["theta_rad"], dtype=np.float64)
        return (theta >= low) & (theta < high)

    return Part(label, inside)


def _degrees(angle: float) -> str:
    return f"{math.degrees(angle):.3g}°"


def _geometries(names: Array) -> list[Part]:
    def part(name: str) -> Part:
        return Part(name, lambda conditions: np.asarray(conditions["geometry"]).astype(str) == name)

    return [part(name) for name in sorted({str(name) for name in names})]
