"""A measured number with its statistical error, and with what it would be for equal samples."""

from __future__ import annotations

from dataclasses import dataclass

#: below this many showers a spread means nothing
FEW = 4


@dataclass(frozen=True)
class Estimate:
    """A number that compares two samples.

    Attributes:
        value: the number.
        error: its standard error; None if the samples are too small to tell.
        floor: what it would be on average if both samples, at these sizes, came from the
            reference's own law: nothing can be better than that. None as above.
    """

    value: float
    error: float | None
    floor: float | None

    def to_json(self) -> dict[str, float | None]:
        """Return the three as JSON."""
        return {"value": self.value, "error": self.error, "floor": self.floor}

    def __str__(self) -> str:
        error = "" if self.error is None else f" ± {self.error:.2g}"
        floor = "" if self.floor is None else f" (floor {self.floor:.2g})"
        return f"{self.value:.4g}{error}{floor}"
