"""The scorer of a training: the showers held back, prepared once, and any decoder's score."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np

from caloexport.runtime.arrays import Float32, Float64, Integers
from caloexport.runtime.errors import UsageError
from caloexport.runtime.manifest import Sampling
from caloexport.training.data import TrainingData
from caloexport.training.scoring.criteria import criteria_for
from caloexport.training.scoring.generate import generated, generator_of
from caloexport.training.scoring.observe import Cells, observe, true_cells
from caloexport.training.scoring.points import points_of
from caloexport.training.scoring.score import Scored, scored
from caloexport.training.scoring.table import Reference
from caloexport.validation.estimate import FEW

#: of the choice of true showers that play the generated ones
SEED = 1


class Scorer:
    """Scores decoders on the showers held back.

    Args:
        data: showers.
        sampling: the physics around the decoders.

    Raises:
        UsageError: too few showers are held back.
    """

    def __init__(self, data: TrainingData, sampling: Sampling) -> None:
        self._data, self._sampling = data, sampling
        self.points = points_of(data)
        self.criteria = criteria_for(data.mesh, data.conditions)
        self._true = true_cells(data, sampling.output.threshold_mev)
        few = [point for point in self.points if len(point.rows) < FEW]
        if few or not self.points:
            held = f"{len(few[0].rows)} of '{few[0].geometry}'" if few else "none"
            message = f"too few showers are held back to score by: {held}, expected {FEW}"
            raise UsageError(message, hint="raise held_back_fewest, or give more showers")

    def score(self, decoder: Path) -> Scored:
        """Score a decoder as its Keras file has it."""
        generator = generator_of(decoder, self._sampling)

        def cells(chosen: Integers, first: int) -> Float32:
            return generated(generator, self._data, chosen, first)

        return self._score(self._data.scoring, cells)

    @functools.cached_property
    def floor(self) -> Scored:
        """The score of a perfect generator: true showers that are not held back, as many.

        Where there are fewer of an energy, some come twice.
        """
        return self._score(self._others(), self._true)

    @functools.cached_property
    def _reference(self) -> Reference:
        observed = self._observe(self._data.scoring, self._true)
        assert observed is not None  # showers were checked when they were read
        return Reference(self.criteria, self.points, observed)

    def _observe(self, chosen: Integers, cells: Cells) -> dict[str, Float64] | None:
        return observe(self.criteria.observables, self._data, chosen, cells)

    def _score(self, chosen: Integers, cells: Cells) -> Scored:
        observed = self._observe(chosen, cells)
        if observed is None:
            return Scored()
        return scored(self._reference.compare(observed), self.criteria)

    def _others(self) -> Integers:
        """Return the numbers of showers that play the ones held back."""
        data, random = self._data, np.random.default_rng(SEED)
        others = np.flatnonzero(~data.held_back)
        found = data.scoring.copy()
        for point in self.points:
            here = others[point.holds(data.geometry[others], data.energy_mev[others])]
            if len(here):
                found[point.rows] = _drawn(here, len(point.rows), random)
        return found


def _drawn(showers: Integers, n: int, random: np.random.Generator) -> Integers:
    order = random.permutation(showers)
    return np.resize(order, n)
