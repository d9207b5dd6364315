"""Spectra: one value, a list, or a range of an energy or angle."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caloexport.runtime.errors import UsageError

LAWS = ("values", "uniform", "log-uniform")


@dataclass(frozen=True)
class Spectrum:
    """A law that gives shower i its value.

    Attributes:
        law: ``"values"``: shower i takes value i modulo their number; ``"uniform"`` and
            ``"log-uniform"``: between two values.
        values: of the list, or low and high.

    >>> [Spectrum("values", (1e3, 2e3)).value(i, 0.5) for i in range(3)]
    [1000.0, 2000.0, 1000.0]
    >>> round(Spectrum("log-uniform", (1e3, 4e3)).value(0, 0.5), 9)
    2000.0
    """

    law: str
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        fits = len(self.values) >= 1 if self.law == "values" else len(self.values) == 2
        if self.law not in LAWS or not fits or not all(map(math.isfinite, self.values)):
            message = f"a spectrum '{self.law}' of {self.values} makes no sense"
            raise UsageError(message)
        if self.law != "values" and not self.values[0] < self.values[1]:
            message = (
                f"the range goes from {self.values[0]:g} to {self.values[1]:g}, expected upwards"
            )
            raise UsageError(message)

    @property
    def low(self) -> float:
        """Lowest value."""
        return min(self.values)

    @property
    def high(self) -> float:
        """Highest value."""
        return max(self.values)

    def value(self, number: int, uniform: float) -> float:
        """Return the value of shower ``number``, given its own uniform random number."""
        if self.law == "values":
            return self.values[number % len(self.values)]
        low, high = self.values
        if self.law == "uniform":
            return low + (high - low) * uniform
        return math.exp(math.log(low) + (math.log(high) - math.log(low)) * uniform)

    def to_json(self) -> dict[str, Any]:
        """Return law and values as JSON."""
        return {"law": self.law, "values": list(self.values)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Spectrum:
        """Read what :meth:`to_json` wrote."""
        return cls(data["law"], tuple(float(value) for value in data["values"]))
