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
from typing import Any

from caloexport.runtime.registry import Registry
from caloexport.validation.rows import Rows, Space

#: seed of jetnet, with which published values were computed
SEED = 42

#: called with what goes on, by what takes long
Tell = Callable[[str], None]


def silence(text: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class DistanceResult:
    """A distance with its error, beside its floor.

    Attributes:
        name: of the number, as published tables call it; one distance may give several.
        value, error: NaN where nothing can be said; the notes say why. The error is NaN for
            distances that define none.
        floor, floor_error: of two samples of the reference's own law.
        n_reference, n_generated: showers that entered.
        features: what the showers were told by: name of a feature list, or ``"cells"``.
        n_features: how many numbers each that is.
        sample_sizes: showers of each sample that one draw holds.
        departures: why the value is none to hold against published ones, a phrase each.
        notes: what else a reader must know.
    """

    name: str
    value: float
    error: float
    floor: float
    floor_error: float
    n_reference: int
    n_generated: int
    features: str
    n_features: int
    sample_sizes: tuple[int, ...] = ()
    departures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def published_settings(self) -> bool:
        """Whether cells, features, sizes and draws are those of published values."""
        return not self.departures

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON; what is not finite is null."""
        told = {**asdict(self), "published_settings": self.published_settings}
        return {
            key: None if isinstance(value, float) and not math.isfinite(value) else value
            for key, value in told.items()
        }

    def __str__(self) -> str:
        text = f"{self.value:.4g} ± {self.error:.2g} (floor {self.floor:.2g})"
        return text.replace(" ± nan", "")


@dataclass(frozen=True)
class Distance:
    """One way to compare showers as a whole.

    Attributes:
        title: what a table says.
        space: what the rows are; see :data:`~caloexport.validation.rows.Space`.
        compute: (reference, generated, seed, tell) -> results. Rows are finite.
        showers: rows of each sample that are asked for, None for all. Of cells there may be fewer,
            because their memory is bounded.
        halves: whether the floor is taken of halves of the reference as large as the samples, of
            which twice as many showers are kept then.
        libraries: module and extra of each library that is needed, asked for before showers are
            read.
        trains: whether networks are trained, for minutes to hours: only who names it gets it.
    """

    title: str
    space: Space
    compute: Callable[[Rows, Rows, int, Tell], Sequence[DistanceResult]]
    showers: int | None = None
    halves: bool = False
    libraries: tuple[tuple[str, str], ...] = ()
    trains: bool = False


distances: Registry[Distance] = Registry(
    "distance", "caloexport.validation.distances", "caloexport.distances"
)


def usual_distances() -> list[str]:
    """Name the distances that take seconds, which are all that train no network.

    >>> usual_distances()
    ['auc_boosted', 'auc_local', 'fpd', 'kpd', 'prdc']
    """
    return [name for name in distances if not distances[name].trains]


def undecided(name: str, reference: Rows, generated: Rows, note: str) -> DistanceResult:
    """Return what too small samples give: no number, and why."""
    nan = math.nan
    return DistanceResult(
        name, nan, nan, nan, nan, len(reference), len(generated), reference.numbers,
        reference.width, departures=("no number",), notes=(note,),
    )  # fmt: skip
