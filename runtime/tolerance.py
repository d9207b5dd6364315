"""How far two evaluations of one network may differ: one table, each row with its reason.

Two arrays agree when |Δ| ≤ atol + rtol · max|expected|, the maximum taken per shower: a cell is
small beside its shower, not beside itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import UnknownName


@dataclass(frozen=True)
class Tolerance:
    """One row of the table."""

    atol: float
    rtol: float
    reason: str


TABLE: dict[str, Tolerance] = {
    "float64": Tolerance(0.0, 1e-12, "the same arithmetic in another order of summation"),
    "float32": Tolerance(
        1e-7, 1e-5, "24-bit weights and sums of up to a few thousand terms through ten layers"
    ),
    "text": Tolerance(
        1e-8, 1e-6, "weights of nine significant decimal digits, evaluated in float64"
    ),
    "int8": Tolerance(
        1e-6, 2e-4, "a 16-bit activation at the edge of two levels may become either of them"
    ),
    "int8-a8": Tolerance(
        1e-6, 5e-3, "an 8-bit activation at the edge of two levels may become either of them"
    ),
    "bfloat16-a16": Tolerance(
        1e-6, 1.5e-3, "an activation at the edge of two bfloat16 numbers may become either of them"
    ),
    "int8-qdq": Tolerance(
        1e-6, 5e-2, "engines that find 8-bit weights may round the activations to 8 bits, too"
    ),
}


@dataclass(frozen=True)
class Difference:
    """The worst difference between two evaluations.

    Attributes:
        equal: within the tolerance everywhere.
        max_abs, max_rel: largest |Δ|, and largest |Δ| over the shower's largest expected value.
        row, column: where the excess over the tolerance is largest.
    """

    equal: bool
    max_abs: float
    max_rel: float
    row: int
    column: int


def compare(found: Array, expected: Array, kind: str) -> Difference:
    """Compare two arrays (n, values) by a row of the table.

    Args:
        found, expected: arrays of one shape; any NaN or infinity is a difference.
        kind: row of the table, for example ``"float32"``.

    >>> compare(np.array([[1.0, 2.0]]), np.array([[1.0, 2.1]]), "float32").column
    1
    """
    if kind not in TABLE:
        raise UnknownName("tolerance", kind, TABLE)
    if found.shape != expected.shape:
        return Difference(False, float("inf"), float("inf"), 0, 0)
    if found.size == 0:
        return Difference(True, 0.0, 0.0, 0, 0)
    tolerance = TABLE[kind]
    finite = np.isfinite(found) & np.isfinite(expected)
    a = np.where(finite, found, 0).astype(np.float64)
    b = np.where(finite, expected, 0).astype(np.float64)
    delta = np.where(finite, np.abs(a - b), np.inf)
    scale = np.abs(b).max(axis=1, keepdims=True)
    excess = delta - (tolerance.atol + tolerance.rtol * scale)
    row, column = (int(i) for i in np.unravel_index(int(excess.argmax()), excess.shape))
    # of a shower without energy the relative difference means nothing
    relative = delta / np.maximum(scale, tolerance.atol or np.finfo(np.float64).tiny)
    return Difference(
        bool(excess.max() <= 0), float(delta.max()), float(relative.max()), row, column
    )
