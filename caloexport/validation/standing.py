"""Where a number stands among the published ones, as far as errors can tell."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from caloexport.runtime.errors import UnknownName, UsageError
from caloexport.validation.distances import DistanceResult
from caloexport.validation.published import Published, PublishedTable

#: errors of a difference within which two models are level
LEVEL = 2.0


@dataclass(frozen=True)
class Standing:
    """Where a number stands among the published ones; smaller is better.

    Attributes:
        name, value, error: of the number.
        rank: 1 if no model is clearly better; models within errors come behind that.
        models: how many models have the number.
        level: models that differ by no more than :data:`LEVEL` errors, best first.
        better, worse: the next models on either side that are not level; None at the ends.
        floor, floor_error: what Geant4 has against itself; None where that is not published.
        departures: why the number does not compare with published ones; empty if it does.
    """

    name: str
    value: float
    error: float
    rank: int
    models: int
    level: tuple[str, ...]
    better: str | None
    worse: str | None
    floor: float | None
    floor_error: float | None
    departures: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the standing as JSON."""
        return asdict(self)

    def __str__(self) -> str:
        ranks = (
            f"{self.rank}" if not self.level else f"{self.rank} to {self.rank + len(self.level)}"
        )
        parts = [f"{ranks} of {self.models + 1}"]
        parts += [f"level with {' and '.join(self.level)}"] if self.level else []
        parts += [f"behind {self.better}"] if self.better else []
        parts += [f"ahead of {self.worse}"] if self.worse else []
        text = ", ".join(parts)
        return f"{text}; not comparable: {'; '.join(self.departures)}" if self.departures else text


def standing(
    table: PublishedTable,
    name: str,
    value: float,
    error: float = 0.0,
    departures: tuple[str, ...] = (),
) -> Standing:
    """Place a number among the published ones.

    Args:
        table: of :func:`~caloexport.validation.published.load_published`.
        name: as in :attr:`~caloexport.validation.published.Published.numbers`.
        value, error: of the model to place.
        departures: why it does not compare; see :class:`~caloexport.validation.distances.DistanceResult`.

    Raises:
        UnknownName: a number that no model has.
        UsageError: a value or error that is not finite: too few showers to tell.

    >>> from caloexport.validation.published import load_published
    >>> table = load_published("calochallenge2")
    >>> print(standing(table, "fpd", 0.28, 0.002))
    5 of 18, behind conv. L2LFlows, ahead of DeepTree
    >>> print(standing(table, "auc_high", 0.884, 0.004))
    8 to 10 of 18, level with iCaloFlow student and CaloScore distilled, behind CaloINN, ahead of \
CaloScore single-shot
    """
    having = [one for one in table.models if name in one.numbers]
    if not having:
        known = {number for one in table.models for number in one.numbers}
        raise UnknownName("published number", name, known, where=table.name)
    if not (math.isfinite(value) and math.isfinite(error)):
        message = f"{name} = {value} ± {error} has no place among published numbers"
        raise UsageError(message, hint="compare more showers")
    ordered = sorted(having, key=lambda one: one.numbers[name])
    pulls = [_pull(one, name, value, error) for one in ordered]
    ahead = [one.name for one, pull in zip(ordered, pulls, strict=True) if pull < -LEVEL]
    behind = [one.name for one, pull in zip(ordered, pulls, strict=True) if pull > LEVEL]
    level = [one.name for one in ordered if one.name not in {*ahead, *behind}]
    return Standing(
        name, value, error, len(ahead) + 1, len(ordered), tuple(level),
        ahead[-1] if ahead else None,
        behind[0] if behind else None,
        table.geant4.numbers.get(name),
        table.geant4.errors.get(name),
        departures,
    )  # fmt: skip


@dataclass(frozen=True)
class Places:
    """Standings of all numbers of a sample in one table.

    Attributes:
        table: published results.
        standings: one for each number that the table has.
    """

    table: PublishedTable
    standings: tuple[Standing, ...]

    def to_json(self) -> dict[str, Any]:
        """Return standings and what is not known of the published numbers as JSON."""
        return {
            "table": self.table.name,
            "title": self.table.title,
            "unverified": list(self.table.unverified),
            "standings": [one.to_json() for one in self.standings],
        }


def places(table: PublishedTable, results: Iterable[DistanceResult]) -> Places:
    """Place every result that has a value, an error and a published number.

    Args:
        table: of :func:`~caloexport.validation.published.load_published`.
        results: of distances; departures stay with them.
    """
    known = {name for one in table.models for name in one.numbers}
    found = [
        standing(table, one.name, one.value, one.error, one.departures)
        for one in results
        if one.name in known and math.isfinite(one.value) and math.isfinite(one.error)
    ]
    return Places(table, tuple(found))


def _pull(model: Published, name: str, value: float, error: float) -> float:
    """Return how far a model lies above a value, in errors of the difference."""
    difference = model.numbers[name] - value
    together = math.hypot(error, model.errors.get(name, 0.0))
    if difference == 0:
        return 0.0
    return difference / together if together else math.copysign(math.inf, difference)
