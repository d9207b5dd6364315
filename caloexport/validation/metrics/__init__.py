"""Metrics: how a number per shower differs between two samples, one file each.

The reference is prepared once (bins, moments, the floor from its halves) and then compared with
many generated samples, as a training does. Values that are not finite are left out of both; how
many are left says the comparison. Everything is deterministic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.registry import Registry
from caloexport.validation.estimate import Estimate


@dataclass(frozen=True)
class Comparison(Estimate):
    """A metric of two samples: value, error and floor, and what they rest on.

    The value is NaN where nothing can be said: too few finite values in one of the samples.

    Attributes:
        n_reference, n_generated: finite values of each.
        details: further figures by name, as the metric's file lists them.
    """

    n_reference: int
    n_generated: int
    details: Mapping[str, float] = field(default_factory=dict)


class Prepared(Protocol):
    """A reference that is ready to be compared."""

    def compare(self, generated: Array) -> Comparison:
        """Hold a generated sample (m,) against it."""

    def floor(self, n_generated: int) -> float | None:
        """Return what so many showers of the reference's own law have on average, for a signed
        metric in absolute value; None if the reference is too small to tell.
        """


@dataclass(frozen=True)
class Metric:
    """One comparison of two samples of a number.

    Attributes:
        title: what an axis or a legend says.
        ideal: value of alike samples: 1 for χ²/ndf, else 0.
        prepare: (reference (n,), bin edges or None) -> prepared. Edges are those of the
            observable's histogram; metrics that need none, or have bins of their own, ignore them.
    """

    title: str
    ideal: float
    prepare: Callable[[Array, Float64 | None], Prepared]

    def compute(
        self, reference: Array, generated: Array, edges: Float64 | None = None
    ) -> Comparison:
        """Compare two samples (n,) and (m,)."""
        return self.prepare(reference, edges).compare(generated)

    def floor(
        self, reference: Array, n_generated: int, edges: Float64 | None = None
    ) -> float | None:
        """Return the floor for a sample of so many showers."""
        return self.prepare(reference, edges).floor(n_generated)


metrics: Registry[Metric] = Registry(
    "metric", "caloexport.validation.metrics", "caloexport.metrics"
)


def finite(values: Array) -> Float64:
    """Return what is a number, as float64 (m,)."""
    flat = np.asarray(values, dtype=np.float64).ravel()
    sound = np.isfinite(flat)
    return flat if sound.all() else flat[sound]


def undecided(n_reference: int, n_generated: int) -> Comparison:
    """Return what too small samples give: no number."""
    return Comparison(float("nan"), None, None, n_reference, n_generated)
