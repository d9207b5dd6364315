"""Inputs of a classifier, made when they are asked for: cells of many showers fill the memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from caloexport.runtime.arrays import Array, Float64, Integers
from caloexport.validation.rows import Rows


@dataclass(frozen=True)
class Inputs:
    """Inputs of a classifier for each shower of a sample.

    Attributes:
        n: number of showers.
        width: number of inputs.
        read: numbers of showers (k,) -> their inputs (k, width).
    """

    n: int
    width: int
    read: Callable[[Integers], Float64]

    def take(self, chosen: Integers) -> Inputs:
        """Return those of some showers, by number.

        >>> import numpy as np
        >>> some = inputs_of(np.arange(6.0).reshape(3, 2)).take(np.array([2, 0]))
        >>> some.n, some.read(np.array([0])).tolist()
        (2, [[4.0, 5.0]])
        """
        return Inputs(len(chosen), self.width, lambda numbers: self.read(chosen[numbers]))


def inputs_of(matrix: Array) -> Inputs:
    """Return inputs that are in memory, (n, width)."""
    n, width = matrix.shape
    return Inputs(n, width, lambda numbers: matrix[numbers].astype("float64", copy=False))


def feature_inputs(rows: Rows) -> Inputs:
    """Return features as they are."""
    return inputs_of(rows.values)
