"""Encodings: from named physics conditions to the condition vector a network was trained on.

An encoding is data, a list of terms; each term reads one condition and appends its numbers to
the vector. A two-hot code (ATLAS cell alignment: 4-way and 2-way) is two one-hot terms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array, Float32, Float64
from caloexport.runtime.conditions import Condition
from caloexport.runtime.errors import UsageError
from caloexport.runtime.formula import Formula
from caloexport.runtime.registry import Registry


@dataclass(frozen=True)
class Affine:
    """A column as slope·f(x) + intercept; two of one f are affine functions of each other.

    Attributes:
        function: name of f: ``"x"`` or ``"ln x"``.
        slope: other than zero.
        intercept: what is added.
    """

    function: str
    slope: float
    intercept: float

    def of(self, other: Affine) -> tuple[float, float] | None:
        """Return (scale, offset) with self = scale·other + offset; None for another f.

        >>> Affine("x", 2.0, 1.0).of(Affine("x", 4.0, 0.0))
        (0.5, 1.0)
        """
        if self.function != other.function:
            return None
        scale = self.slope / other.slope
        return scale, self.intercept - scale * other.intercept


@dataclass(frozen=True)
class TermKind:
    """One way to turn a condition into numbers.

    Attributes:
        encode: (values (n,), parameters) -> (n, width) float64.
        width: (parameters) -> number of columns.
        check: (condition, parameters) raises UsageError when they cannot be used.
        affine: (parameters) -> its one column as an affine function; None for other kinds.
        formula: (condition, parameters) -> the term as numbers, for compiled sampling; None for a
            kind that numpy must compute.
    """

    encode: Callable[[Array, Mapping[str, Any]], Float64]
    width: Callable[[Mapping[str, Any]], int]
    check: Callable[[Condition, Mapping[str, Any]], None]
    affine: Callable[[Mapping[str, Any]], Affine] | None = None
    formula: Callable[[Condition, Mapping[str, Any]], Formula] | None = None


encodings: Registry[TermKind] = Registry(
    "encoding", "caloexport.runtime.encodings", "caloexport.encodings"
)


def require_positive(condition: Condition) -> None:
    """Check that a condition can be taken the logarithm of.

    Raises:
        UsageError: its range is unknown or reaches zero.
    """
    if condition.low is None or condition.low <= 0:
        message = f"the logarithm of '{condition.name}' needs a range above zero"
        raise UsageError(message)


def logarithm(values: Array) -> Float64:
    """Return ln x in float64.

    Raises:
        UsageError: a value is not positive, which extrapolation can lead to.
    """
    x = np.asarray(values, dtype=np.float64)
    if (x <= 0).any():
        message = f"{x[x <= 0][0]:g} has no logarithm: the condition must be positive"
        raise UsageError(message)
    return np.log(x)


@dataclass(frozen=True)
class Term:
    """One term of an encoding.

    Attributes:
        kind: entry of the registry, for example ``"linear"``.
        condition: the condition it reads, for example ``"energy_mev"``.
        parameters: constants of the kind.
    """

    kind: str
    condition: str
    parameters: Mapping[str, Any]

    @property
    def width(self) -> int:
        """Number of columns that the term makes."""
        return encodings[self.kind].width(self.parameters)

    @property
    def affine(self) -> Affine | None:
        """The term as an affine function of x or ln x, None when it is neither."""
        affine = encodings[self.kind].affine
        return None if affine is None else affine(self.parameters)


@dataclass(frozen=True)
class Encoding:
    """The terms in the order of the condition vector.

    >>> energy = Term("linear", "energy_mev", {"offset": 0.0, "scale": 1_024_000.0})
    >>> geometry = Term("one_hot", "geometry", {"codes": {"scipb": 0, "siw": 1}, "size": 2})
    >>> encoding = Encoding((energy, geometry))
    >>> encoding.encode({"energy_mev": np.array([512_000.0]), "geometry": np.array(["siw"])})
    array([[0.5, 0. , 1. ]], dtype=float32)
    """

    terms: tuple[Term, ...]

    @property
    def width(self) -> int:
        """Length of the condition vector."""
        return sum(term.width for term in self.terms)

    def encode(self, conditions: Mapping[str, Array]) -> Float32:
        """Return the condition vectors.

        Args:
            conditions: for each condition an array (n,), in the units of its name.

        Returns:
            (n, width) float32; the arithmetic is float64.
        """
        n = len(next(iter(conditions.values()), ()))
        columns = [np.empty((n, 0))]
        for term in self.terms:
            kind = encodings[term.kind]
            columns.append(kind.encode(conditions[term.condition], term.parameters))
        return np.concatenate(columns, axis=1).astype(np.float32)
