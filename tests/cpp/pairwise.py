"""A small set of combinations in which every two values of different factors meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

#: (factor, value)
Choice = tuple[str, str]
Row = dict[str, str]


def pairs(factors: Mapping[str, Sequence[str]]) -> Iterator[frozenset[Choice]]:
    """Yield every two values of different factors."""
    for (one, ones), (other, others) in combinations(factors.items(), 2):
        for a, b in product(ones, others):
            yield frozenset({(one, a), (other, b)})


def pairwise(factors: Mapping[str, Sequence[str]]) -> list[Row]:
    """Return rows, one value per factor, that hold every pair: greedily, the same every time.

    Each row begins with the first pair that is still missing; each further factor then takes the
    value that completes most missing pairs.

    >>> pairwise({"size": ("small", "large"), "colour": ("red", "blue")})[0]
    {'size': 'small', 'colour': 'red'}
    """
    missing = dict.fromkeys(pairs(factors))  # keeps its order
    rows = []
    while missing:
        row: Row = dict(next(iter(missing)))
        for factor, values in factors.items():
            if factor not in row:
                row[factor] = max(values, key=lambda value: _gain(row, (factor, value), missing))
        for pair in _held(row):
            missing.pop(pair, None)
        rows.append({factor: row[factor] for factor in factors})
    return rows


def _gain(row: Row, choice: Choice, missing: Mapping[frozenset[Choice], None]) -> int:
    return sum(frozenset({other, choice}) in missing for other in row.items())


def _held(row: Row) -> list[frozenset[Choice]]:
    return [frozenset(two) for two in combinations(row.items(), 2)]
