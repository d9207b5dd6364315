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
reference being held against the other for the floor.

Each number varies with both samples. To the error of the mean over the showers of one is added, in
squares, what the number would change by without each shower of the other (the jackknife, at fixed R
and G): by far the larger part where samples differ. Errors of precision, recall and coverage come out
up to 1.7 times too large for alike samples, and up to 1.4 times for others.

Source: arXiv:2002.09797; clovaai/generative-evaluation-prdc, prdc/prdc.py; CaloChallenge,
code/evaluate.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Array, Float64, Integers
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
class Number:
    """One of the four numbers.

    Attributes:
        values: of each shower that it is the mean of.
        others: what it would lose without each shower of the other sample.
    """

    values: Float64
    others: Float64

    @property
    def mean_and_error(self) -> tuple[float, float]:
        """The number with its error, which both samples have a part in."""
        parts = (
            float(self.values.std(ddof=1)) / math.sqrt(len(self.values)),
            float(self.others.std(ddof=1)) * math.sqrt(len(self.others)),
        )
        return float(self.values.mean()), math.hypot(*parts)


@dataclass(frozen=True)
class Numbers:
    """The four numbers."""

    precision: Number
    recall: Number
    density: Number
    coverage: Number


def prdc(reference: Array, generated: Array, nearest: int = NEAREST) -> Numbers:
    """Return the four numbers of two samples.

    Args:
        reference, generated: rows (n, cells) and (m, cells), more than ``nearest`` of each.
        nearest: which neighbour tells the radius.

    Returns:
        ``precision`` and ``density`` of values (m,), ``recall`` and ``coverage`` of (n,).
    """
    n, m = len(reference), len(generated)
    around = _squared_radii(reference, nearest)
    around_generated = _squared_radii(generated, nearest)
    # how many lie around a shower or hold it, and which one does (of several any)
    holding, holder = np.zeros(m), np.zeros(m, dtype=np.int64)
    held, one_held = np.zeros(n), np.zeros(n, dtype=np.int64)
    recalling, recaller = np.zeros(n), np.zeros(n, dtype=np.int64)
    for start in range(0, n, _step(m)):
        rows = slice(start, start + _step(m))
        squares = _squares(reference[rows], generated)
        inside, within = squares < around[rows, None], squares < around_generated
        holding += inside.sum(axis=0)
        holder = np.where(inside.any(axis=0), start + inside.argmax(axis=0), holder)
        held[rows], one_held[rows] = inside.sum(axis=1), inside.argmax(axis=1)
        recalling[rows], recaller[rows] = within.sum(axis=1), within.argmax(axis=1)
    return Numbers(
        precision=_share(holding, holder, n),
        recall=_share(recalling, recaller, m),
        density=Number(holding / nearest, held / (nearest * m)),
        coverage=_share(held, one_held, m),
    )


def _share(counts: Float64, which: Integers, others: int) -> Number:
    """Return the share of showers that any of the others counts for.

    Args:
        counts: of each shower, how many of the others do.
        which: of a shower for which one does, that one.
        others: how many there are.
    """
    alone = np.bincount(which[counts == 1], minlength=others)
    return Number((counts > 0).astype(np.float64), alone / len(counts))


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
            name, *_told(found, name), *_told(usual, name),
            size, size, reference.numbers, reference.width, (size,),
            tuple(dict.fromkeys((departure, *reference.departures, *generated.departures))),
            (f"of {size} showers of each sample, on which the number depends",),
        )
        for name in names
    ]  # fmt: skip


def _told(numbers: Numbers, name: str) -> tuple[float, float]:
    number: Number = getattr(numbers, name)
    return number.mean_and_error


distances.register("prdc")(
    Distance("precision, recall, density, coverage", "log_cells", compute, SHOWERS, halves=True)
)
