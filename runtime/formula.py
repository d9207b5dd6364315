"""Formulas as numbers: what compiled sampling knows of an encoding or an output map.

A term of one column is ``(f(x / unit) - offset) / scale`` with f the identity or the logarithm,
in float64 and in this order of operations. A term that looks its columns up in a table has one row per
category, or one row for all. Whatever fits neither has no formula, and is computed in numpy.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Formula:
    """One term.

    Attributes:
        unit, offset, scale: constants of the expression.
        logarithmic: whether f is ln x; then the argument must be positive.
        table: rows of columns, instead of the expression.

    >>> Formula(unit=2.0, offset=1.0, scale=4.0)
    Formula(unit=2.0, offset=1.0, scale=4.0, logarithmic=False, table=())
    """

    unit: float = 1.0
    offset: float = 0.0
    scale: float = 1.0
    logarithmic: bool = False
    table: tuple[tuple[float, ...], ...] = ()
