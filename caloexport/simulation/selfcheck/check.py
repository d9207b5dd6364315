"""One comparison of a number with what it should be."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

#: combined standard deviations; a table of a hundred numbers stays below it by chance
MOST_PULL = 4.0


@dataclass(frozen=True)
class Check:
    """A number with its error beside the reference with its own.

    Attributes:
        subject: what it is of: a detector and an energy, or a material.
        quantity: what was found.
        found, error: the number and its statistical error; 0 for what is computed.
        reference, reference_error: what it is compared with.
        tolerance: relative deviation that the formulas compared may have; None compares by the
            errors alone.
    """

    subject: str
    quantity: str
    found: float
    error: float
    reference: float
    reference_error: float
    tolerance: float | None = None

    @property
    def deviation(self) -> float:
        """Relative deviation from the reference."""
        return self.found / self.reference - 1

    @property
    def pull(self) -> float | None:
        """Deviation in units of the combined errors; None where there are none."""
        combined = math.hypot(self.error, self.reference_error)
        return (self.found - self.reference) / combined if combined > 0 else None

    @property
    def passed(self) -> bool:
        """The deviation is one that the errors, or the tolerance, explain.

        >>> Check("lead", "X0", 6.3, 0.0, 6.37, 0.0, tolerance=0.015).passed
        True
        >>> Check("siw", "active", 0.035, 0.0002, 0.032, 0.0002).passed
        False
        """
        if self.tolerance is not None:
            return abs(self.deviation) <= self.tolerance
        return self.pull is not None and abs(self.pull) <= MOST_PULL

    def to_json(self) -> dict[str, Any]:
        """Return numbers and verdict as JSON."""
        verdict = {"deviation": self.deviation, "pull": self.pull, "passed": self.passed}
        return {**asdict(self), **verdict}
