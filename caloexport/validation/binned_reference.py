"""A reference sample in bins, and its random halves in the same bins."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from caloexport.runtime.arrays import Float64, Integers
from caloexport.validation.halves import fixed_halves


class BinnedReference:
    """Counts of the reference, and of whatever is held against it.

    Args:
        values: (n,) finite.
        edges: (bins + 1,) rising; the last bin holds its upper edge too.
        clip: whether what lies outside goes into the outermost bins; else it is left out.
    """

    def __init__(self, values: Float64, edges: Float64, *, clip: bool) -> None:
        self.edges = edges
        self.clip = clip
        self._places = self._find(values)
        self.counts = self._count(self._places)

    def count(self, values: Float64) -> Float64:
        """Return how many finite values are in each bin, (bins,)."""
        return self._count(self._find(values))

    def count_drawn(self, values: Float64, draws: Integers) -> Float64:
        """Return counts (..., bins) of finite values (n,), of which ``draws`` (..., n) are taken."""
        return self._count(self._find(values)[draws])

    @cached_property
    def halves(self) -> tuple[Float64, Float64]:
        """Counts of random halves of the reference, (splits, bins) each."""
        first, second = (self._places[side] for side in fixed_halves(len(self._places)))
        return self._count(first), self._count(second)

    def _find(self, values: Float64) -> Integers:
        """Return the bin of each value; the bin after the last for what is left out."""
        bins = len(self.edges) - 1
        places = np.searchsorted(self.edges, values, side="right") - 1
        if self.clip:
            return np.clip(places, 0, bins - 1)
        places[values == self.edges[-1]] = bins - 1
        places[places < 0] = bins
        return places

    def _count(self, places: Integers) -> Float64:
        """Return counts (..., bins) of places (..., n)."""
        columns = len(self.edges)  # bins, and one for what is left out
        rows = places.reshape(-1, places.shape[-1])
        flat = rows + columns * np.arange(len(rows))[:, None]
        counts = np.bincount(flat.ravel(), minlength=columns * len(rows))
        shaped = counts.reshape(*places.shape[:-1], columns)[..., :-1]
        return shaped.astype(np.float64)
