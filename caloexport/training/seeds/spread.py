"""Mean and spread over seeds."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: columns of a row of scores that say what it is about
ABOUT = ("geometry", "observable", "layer", "energy_mev", "showers")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Spread:
    """Values of several seeds.

    Attributes:
        mean: of the values.
        spread: standard deviation over the seeds, from n - 1; None for a single seed.
        n: number of values.
    """

    mean: float
    spread: float | None
    n: int

    def to_json(self) -> dict[str, Any]:
        """Return the three as JSON."""
        return {"mean": self.mean, "spread": self.spread, "n": self.n}

    def __str__(self) -> str:
        spread = "" if self.spread is None else f" ± {self.spread:.2g}"
        return f"{self.mean:.4g}{spread}"


def spread(values: Iterable[float]) -> Spread:
    """Return mean and spread.

    >>> str(spread([1.0, 2.0, 3.0])), str(spread([1.0]))
    ('2 ± 1', '1')
    """
    found = list(values)
    deviation = statistics.stdev(found) if len(found) > 1 else None
    return Spread(statistics.fmean(found), deviation, len(found))


def about(row: Row) -> dict[str, Any]:
    """Return the part of a row of scores that says what it is about.

    >>> about({"geometry": "siw", "energy_mev": 2000.0, "mean_ratio": 1.01})
    {'geometry': 'siw', 'energy_mev': 2000.0}
    """
    return {name: row[name] for name in ABOUT if name in row}


def over_seeds(tables: Sequence[Sequence[Row]]) -> list[dict[str, Any]]:
    """Return, for every row of scores, mean and spread of its numbers over the tables.

    Args:
        tables: the rows of ``scores.json``, one table per seed. Rows about the same are one;
            a number that is missing or None in a table does not count.
    """
    rows: dict[str, list[Row]] = {}
    for table in tables:
        for row in table:
            rows.setdefault(repr(about(row)), []).append(row)
    return [
        {**about(same[0]), "over_seeds": {k: s.to_json() for k, s in _numbers(same).items()}}
        for same in rows.values()
    ]


def _numbers(rows: Sequence[Row]) -> dict[str, Spread]:
    names = [name for name in rows[0] if name not in ABOUT]
    values = {name: [row[name] for row in rows if _is_number(row.get(name))] for name in names}
    return {name: spread(found) for name, found in values.items() if found}


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
