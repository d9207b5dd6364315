"""What rounding the weights does to the showers, on the test vectors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caloexport.converters.precisions import precisions
from caloexport.runtime.arrays import Array, Integers
from caloexport.runtime.errors import AnswerIsNo


@dataclass(frozen=True)
class PrecisionShift:
    """Largest changes over all vectors.

    Attributes:
        precision: what the weights were rounded to.
        cell: of a cell, relative to the largest cell of its shower.
        total: of the shower's energy, relative to it.
        layer: of a layer's energy, relative to the shower's.
    """

    precision: str
    cell: float
    total: float
    layer: float

    def __str__(self) -> str:
        return (
            f"{self.precision} changes a cell by up to {self.cell:.1e} of the largest one, a "
            f"layer's energy by {self.layer:.1e} and the shower's by {self.total:.1e} of it"
        )

    def require_small(self, where: str) -> None:
        """Raise AnswerIsNo when a change is beyond what the precision promises."""
        limit = precisions[self.precision]
        if self.cell <= limit.cell and max(self.total, self.layer) <= limit.total:
            return
        message = f"{self}; accepted are {limit.cell:g} for a cell and {limit.total:g} for sums"
        raise AnswerIsNo(message, where=where, hint="a finer precision, or train without outliers")


def precision_shift(
    precision: str, rounded: Array, exact: Array, layers: Integers
) -> PrecisionShift:
    """Compare outputs (n, n_out) of a rounded network with those of the exact one.

    Args:
        precision: what the weights were rounded to.
        rounded, exact: outputs of the same inputs.
        layers: (n_out,) the layer of each output; all zeros when nobody knows.
    """
    a, b = np.asarray(rounded, np.float64), np.asarray(exact, np.float64)
    tiny = np.finfo(np.float64).tiny
    largest = np.maximum(np.abs(b).max(axis=1), tiny)
    # outputs of bare networks may be negative: their size is the sum of the magnitudes
    size = np.maximum(np.abs(b).sum(axis=1), tiny)
    by_layer = [
        np.abs((a - b)[:, layers == layer].sum(axis=1)) / size for layer in np.unique(layers)
    ]
    return PrecisionShift(
        precision,
        float((np.abs(a - b).max(axis=1) / largest).max()),
        float((np.abs((a - b).sum(axis=1)) / size).max()),
        float(np.max(by_layer)),
    )
