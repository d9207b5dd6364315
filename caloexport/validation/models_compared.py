"""Several models against one reference: by each metric, how far each is away, and which is nearest.

A metric is told in windows of the incident energy, or for single angles. What counts is the mean of its
distances from what alike samples have, 1 for a ratio and 0 for the rest: a model that is high here and
low there is not right on average. Its floor is the same mean for samples that are alike. The mean is over
those windows that all models can be compared in.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from caloexport.validation.checks import FAIL, PASS
from caloexport.validation.judging import place_of
from caloexport.validation.verdict import Verdict

SCHEMA = "caloexport.validate-models/1"
#: errors by which a model must be nearer to the reference than every other to be called the best
BETTER = 2.0

#: what is told of a metric in one window, and the window
Entry = tuple[Mapping[str, Any], Mapping[str, float | None]]
#: of a window, by name
Ends = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Score:
    """How far a model is from the reference by one metric.

    Attributes:
        mean: over windows, of the distance from what alike samples have.
        error: its standard error; None where samples are too small to tell.
        floor: mean distance of alike samples of these sizes; None as above.
        worst: in the window that is farthest away, with its sign.
        worst_error: its standard error.
        where: that window.
        windows: over how many the mean is.
    """

    mean: float
    error: float | None
    floor: float | None
    worst: float
    worst_error: float | None
    where: str
    windows: int

    def to_json(self) -> dict[str, Any]:
        """Return the figures as JSON."""
        return {
            "mean": self.mean,
            "error": self.error,
            "floor": self.floor,
            "worst": self.worst,
            "worst_error": self.worst_error,
            "where": self.where,
            "windows": self.windows,
        }


@dataclass(frozen=True)
class MetricRow:
    """One metric of all models.

    Attributes:
        metric: its name, as in a verdict.
        scores: by the name of the model; models that do not have it are left out.
        best: the model that is nearer to the reference than every other by two errors, if any.
    """

    metric: str
    scores: Mapping[str, Score]
    best: str | None

    @property
    def ideal(self) -> float:
        """What alike samples have, beside their floor."""
        return ideal_of(self.metric)

    def to_json(self) -> dict[str, Any]:
        """Return the row as JSON."""
        return {
            "metric": self.metric,
            "ideal": self.ideal,
            "best": self.best,
            "models": {name: score.to_json() for name, score in self.scores.items()},
        }


@dataclass(frozen=True)
class ModelsCompared:
    """Verdicts of several models, and the table that holds them side by side.

    Attributes:
        verdicts: by the name of the model.
        rows: of the table, one for each metric.
    """

    verdicts: Mapping[str, Verdict]
    rows: Sequence[MetricRow]

    @property
    def passed(self) -> bool:
        """Whether every model passes."""
        return all(verdict.passed for verdict in self.verdicts.values())

    def to_json(self) -> dict[str, Any]:
        """Return verdicts and table as JSON."""
        return {
            "schema": SCHEMA,
            "verdict": PASS if self.passed else FAIL,
            "models": [
                {"name": name, **verdict.to_json()} for name, verdict in self.verdicts.items()
            ],
            "table": [row.to_json() for row in self.rows],
        }


def ideal_of(metric: str) -> float:
    """Return what a metric is for samples that are alike, beside its floor.

    >>> ideal_of("response_ratio"), ideal_of("depth_shift"), ideal_of("longitudinal_l1")
    (1.0, 0.0, 0.0)
    """
    return 1.0 if metric.endswith("_ratio") else 0.0


def compare_verdicts(verdicts: Mapping[str, Verdict]) -> ModelsCompared:
    """Hold the verdicts of several models against each other.

    Args:
        verdicts: of one reference in the same windows, by the name of the model.
    """
    told = {name: _entries(verdict) for name, verdict in verdicts.items()}
    metrics = dict.fromkeys(metric for entries in told.values() for metric in entries)
    rows = []
    for metric in metrics:
        having = {name: entries[metric] for name, entries in told.items() if metric in entries}
        common = set.intersection(*({*places} for places in having.values()))
        if common:
            scores = {
                name: _score([entry for place, entry in places.items() if place in common], metric)
                for name, places in having.items()
            }
            away = {name: (score.mean, score.error) for name, score in scores.items()}
            rows.append(MetricRow(metric, scores, _best(away)))
    return ModelsCompared(dict(verdicts), rows)


def _entries(verdict: Verdict) -> dict[str, dict[Ends, Entry]]:
    """Return by metric and window what is told there."""
    found: dict[str, dict[Ends, Entry]] = {}
    for window in [*verdict.windows, *verdict.whole]:
        for metric, estimate in window["metrics"].items():
            found.setdefault(metric, {})[_ends(window)] = (window, estimate)
    return found


def _ends(window: Mapping[str, Any]) -> Ends:
    """Return the ends of a window, which tell it from all others; its name for people is rounded."""
    return tuple(sorted((key, window[key]) for key in window if key.startswith(("low_", "high_"))))


def _score(entries: Sequence[Entry], metric: str) -> Score:
    ideal = ideal_of(metric)
    away, errors, floors = [], [], []
    for _, estimate in entries:
        assert estimate["value"] is not None
        away.append(estimate["value"] - ideal)
        errors.append(estimate["error"])
        floors.append(estimate["floor"])
    worst = max(range(len(away)), key=lambda k: abs(away[k]))
    n = len(away)
    told = [one for one in errors if one is not None]
    below = [one for one in floors if one is not None]
    return Score(
        mean=sum(map(abs, away)) / n,
        error=math.hypot(*told) / n if len(told) == n else None,
        floor=sum(below) / n if len(below) == n else None,
        worst=away[worst],
        worst_error=errors[worst],
        where=place_of(entries[worst][0]),
        windows=n,
    )


def _best(away: Mapping[str, tuple[float, float | None]]) -> str | None:
    """Return the model that is nearer than every other by more than their errors, if there is one.

    Args:
        away: distance of each model, and its error; NaN or None where nobody can tell.
    """
    nearest = min(away, key=lambda name: away[name][0])
    value, error = away[nearest]
    others = [one for name, one in away.items() if name != nearest]
    apart = [
        other - value > BETTER * math.hypot(error, its_error)
        for other, its_error in others
        if error is not None and its_error is not None
    ]
    return nearest if others and len(apart) == len(others) and all(apart) else None
