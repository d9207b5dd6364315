"""Precision, recall, density and coverage of all cell energies, by the 5 nearest neighbours.

With R_i the distance of a reference shower to its 5th nearest neighbour in the reference, and G_j
the same of a generated shower among the generated ones,

    precision   share of generated showers that lie within R_i of a reference shower i
    recall      share of reference showers that lie within G_j of a generated shower j
    density     mean number of reference showers i within whose R_i a generated one lies, over 5
    coverage    share of reference showers that have a generated shower within R_i

Rows are log10 of the cell energies, in which empty cells have 0.1 MeV. Alike samples have density
and coverage of about 1; density has no upper end, so that more is not better. All four depend on
the number of showers and of cells: value and floor are of as many showers each, one half of the
reference being held against the other for the floor. Errors are those of means over showers.

Source: arXiv:2002.09797; clovaai/generative-evaluation-prdc, prdc/prdc.py; CaloChallenge,
code/evaluate.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Array, Float64
from caloexport.validation.distances import (
    Distance,
    DistanceResult,
    Tell,
    distances,
    silence,
    undecided,
)
from caloexport.validation.halves import random_halves
from caloexport.validation.rows import Rows

NEAREST = 5
#: showers of either sample: the work goes with their square times the cells
SHOWERS = 5000
#: distances that are in memory at once
BLOCK = 2**23
#: showers of which the cells are in memory in double precision
ROWS = 512


@dataclass(frozen=True)
class Shares:
    """One of the four numbers for every shower it is the mean of."""

    precision: Float64
    recall: Float64
    density: Float64
    coverage: Float64


def prdc(reference: Array, generated: Array, nearest: int = NEAREST) -> Shares:
    """Return the four numbers of two samples, whose means are what is quoted.

    Args:
        reference, generated: rows (n, cells) and (m, cells), more than ``nearest`` of each.
        nearest: which neighbour tells the radius.

    Returns:
        ``precision`` and ``density`` (m,), ``recall`` and ``coverage`` (n,).
    """
    around = _squared_radii(reference, nearest)
    around_generated = _squared_radii(generated, nearest)
    hits = np.zeros(len(generated))
    recalled, covered = np.zeros(len(reference)), np.zeros(len(reference))
    for start in range(0, len(reference), _step(len(generated))):
        rows = slice(start, start + _step(len(generated)))
        squares = _squares(reference[rows], generated)
        hits += (squares < around[rows, None]).sum(axis=0)
        recalled[rows] = (squares < around_generated).any(axis=1)
        covered[rows] = squares.min(axis=1) < around[rows]
    return Shares((hits > 0).astype(np.float64), recalled, hits / nearest, covered)


def _step(columns: int) -> int:
    return max(1, BLOCK // columns)


def _squared_radii(rows: Array, nearest: int) -> Float64:
    """Return the squared distance of each row to its nearest neighbour of that number."""
    found = np.empty(len(rows))
    step = _step(len(rows))
    for start in range(0, len(rows), step):
        squares = _squares(rows[start : start + step], rows)
        own = np.arange(len(squares))
        squares[own, start + own] = 0  # without rounding, so that a row is nearest to itself
        found[start : start + step] = np.partition(squares, nearest, axis=1)[:, nearest]
    return found


def _squares(some: Array, others: Array) -> Float64:
    """Return the squared distances of rows (n, cells) and (m, cells), (n, m)."""
    squares = np.empty((len(some), len(others)))
    for i in range(0, len(some), ROWS):
        one = some[i : i + ROWS].astype(np.float64)
        for j in range(0, len(others), ROWS):
            other = others[j : j + ROWS].astype(np.float64)
            part = squares[i : i + ROWS, j : j + ROWS]
            np.matmul(one, other.T, out=part)
            part *= -2
            part += np.square(one).sum(axis=1)[:, None]
            part += np.square(other).sum(axis=1)
    return np.maximum(squares, 0, out=squares)


def compute(
    reference: Rows, generated: Rows, seed: int, tell: Tell = silence
) -> list[DistanceResult]:
    """Return the four numbers, each beside its floor between random halves of the reference."""
    names = ("precision", "recall", "density", "coverage")
    size = min(len(reference) // 2, len(generated))
    if size <= NEAREST:
        note = f"needs {2 * NEAREST + 2} showers of the reference and {NEAREST + 1} generated ones"
        return [undecided(name, reference, generated, note) for name in names]
    random = np.random.default_rng(seed)
    first, second = (
        reference.values[half[:size]] for half in random_halves(len(reference), random)
    )
    chosen = generated.values[random.permutation(len(generated))[:size]]
    found, usual = prdc(first, chosen), prdc(first, second)
    departure = f"of {size} showers of each sample, published of all"
    return [
        DistanceResult(
            name, *_mean(getattr(found, name)), *_mean(getattr(usual, name)), size, size,
            reference.numbers, reference.width, (size,),
            tuple(dict.fromkeys((departure, *reference.departures, *generated.departures))),
            (f"of {size} showers of each sample, on which the number depends",),
        )
        for name in names
    ]  # fmt: skip


def _mean(values: Float64) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values))


distances.register("prdc")(
    Distance("precision, recall, density, coverage", "log_cells", compute, SHOWERS, halves=True)
)
