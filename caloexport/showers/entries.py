"""Where particles enter a detector: one place, or places drawn evenly from a rectangle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import UsageError
from caloexport.runtime.units import parse_range

#: stream of random numbers, beside those of showers
STREAM = 3


@dataclass(frozen=True)
class Entries:
    """A rectangle on the front face.

    Attributes:
        low_mm, high_mm: its corners (x, y); equal ones are one place.
    """

    low_mm: tuple[float, float]
    high_mm: tuple[float, float]

    def draw(self, n: int, seed: int) -> Float64:
        """Return the places (n, 2) of showers 0 to n - 1; place i depends on the seed and i only.

        >>> Entries((1.0, 2.0), (1.0, 2.0)).draw(2, 0).tolist()
        [[1.0, 2.0], [1.0, 2.0]]
        """
        bits = np.random.Philox(key=seed, counter=[0, 0, 0, STREAM])
        uniform = np.random.Generator(bits).random((n, 2))
        return np.asarray(self.low_mm + (np.array(self.high_mm) - self.low_mm) * uniform)


def parse_entries(text: str) -> Entries:
    """Read ``X,Y``, where each is a length or a range of lengths.

    Raises:
        UsageError: something else.

    >>> parse_entries("1mm,-5mm..1cm")
    Entries(low_mm=(1.0, -5.0), high_mm=(1.0, 10.0))
    """
    parts = text.split(",")
    if len(parts) != 2:
        message = f"'{text}' is no place on the front face"
        raise UsageError(message, hint="write for example 0mm,2.5mm or -5mm..5mm,0mm")
    (x_low, x_high), (y_low, y_high) = (parse_range(part, "length") for part in parts)
    return Entries((x_low, y_low), (x_high, y_high))
