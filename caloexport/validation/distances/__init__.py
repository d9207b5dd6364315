"""Distances of two samples in many numbers per shower at once, one file each.

Where a metric compares one number, a distance compares whole showers: by their high-level
features, or by all their cells. Every result stands beside its floor: the same distance between
random halves of the reference, brought to the sizes of the samples where a law for that is known.
Everything is deterministic for a seed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from caloexport.runtime.arrays import Float64
from caloexport.runtime.registry import Registry

#: seed of jetnet, with which published values were computed
SEED = 42
#: showers of each sample from which FPD and KPD have the sizes of the CaloChallenge
PUBLISHED_SHOWERS = 50_000


@dataclass(frozen=True)
class DistanceResult:
    """A distance with its error, beside its floor.

    Attributes:
        name: of the number; one distance may give several.
        value, error: NaN where nothing can be said; the notes say why. The error is NaN for
            distances that define none.
        floor, floor_error: of two samples of the reference's own law.
        n_reference, n_generated: showers that entered.
        sample_sizes: showers of each sample that one draw holds.
        published_settings: whether sizes and draws are those of published values.
        notes: what a reader must know.
    """

    name: str
    value: float
    error: float
    floor: float
    floor_error: float
    n_reference: int
    n_generated: int
    sample_sizes: tuple[int, ...] = ()
    published_settings: bool = False
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON; what is not finite is null."""
        return {
            key: None if isinstance(value, float) and not math.isfinite(value) else value
            for key, value in asdict(self).items()
        }

    def __str__(self) -> str:
        text = f"{self.value:.4g} ± {self.error:.2g} (floor {self.floor:.2g})"
        return text.replace(" ± nan", "")


@dataclass(frozen=True)
class Distance:
    """One way to compare showers as a whole.

    Attributes:
        title: what a table says.
        space: what the rows are: ``"features"``, high-level features; ``"cells"``, log10 of the
            energies of all cells.
        compute: (reference (n, d), generated (m, d), seed) -> results.
        showers: rows of each sample that are asked for, None for all.
    """

    title: str
    space: Literal["features", "cells"]
    compute: Callable[[Float64, Float64, int], Sequence[DistanceResult]]
    showers: int | None = None


distances: Registry[Distance] = Registry(
    "distance", "caloexport.validation.distances", "caloexport.distances"
)


def scaled_down(least: int) -> tuple[str, ...]:
    """Return the note on draws of fewer showers than published values have."""
    if least >= PUBLISHED_SHOWERS:
        return ()
    return (f"{least} showers: draws are smaller than published, values do not compare with those",)


def undecided(name: str, n_reference: int, n_generated: int, note: str) -> DistanceResult:
    """Return what too small samples give: no number, and why."""
    nan = math.nan
    return DistanceResult(name, nan, nan, nan, nan, n_reference, n_generated, notes=(note,))
