"""Generated and reference showers in one row, each with its label, in parts that share none.

Equal incident energies are no leak of the label: a generator makes showers for the energies of the
reference. Where both samples are of one size they are cut alike, so that a shower and the one that
was made like it are in the same part: otherwise a classifier that remembers an energy from
training would know that the other one of the pair has the other label.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Float64, Integers
from caloexport.validation.classifiers.inputs import Inputs


@dataclass(frozen=True)
class Pairing:
    """As many showers of either sample, in random order.

    Attributes:
        generated, reference: inputs of both, (n, width).
    """

    generated: Inputs
    reference: Inputs

    @property
    def n(self) -> int:
        """Number of showers of each sample."""
        return self.generated.n

    def part(self, first: int, last: int) -> Integers:
        """Return the numbers that :meth:`read` takes for showers first to last of both samples."""
        numbers = np.arange(first, last)
        return np.concatenate([numbers, numbers + self.n])

    def labels(self, numbers: Integers) -> Float64:
        """Return 0 for generated showers, 1 for those of the reference."""
        return (numbers >= self.n).astype(np.float64)

    def read(self, numbers: Integers) -> Float64:
        """Return inputs (k, width), in the order of the numbers."""
        inputs = np.empty((len(numbers), self.generated.width))
        usual = numbers >= self.n
        inputs[~usual] = self.generated.read(numbers[~usual])
        inputs[usual] = self.reference.read(numbers[usual] - self.n)
        return inputs


def pairing(reference: Inputs, generated: Inputs, random: np.random.Generator) -> Pairing:
    """Put two samples in random order; of the larger one some showers are left out.

    >>> from caloexport.validation.classifiers.inputs import inputs_of
    >>> usual, found = inputs_of(np.ones((3, 2))), inputs_of(np.zeros((2, 2)))
    >>> both = pairing(usual, found, np.random.default_rng(0))
    >>> both.n, both.read(both.part(0, 1)).tolist(), both.labels(both.part(0, 1)).tolist()
    (2, [[0.0, 0.0], [1.0, 1.0]], [0.0, 1.0])
    """
    orders = {n: random.permutation(n) for n in (reference.n, generated.n)}
    least = min(orders)
    return Pairing(*(side.take(orders[side.n][:least]) for side in (generated, reference)))
