"""Where new showers leave the range of the conditions that a run was trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.conditions import Condition

#: two samples of one range end so much apart, as a part of the range or of its end
EDGE = 0.02
#: and those of a single value, such as a right angle
ROUNDING = 1e-4


@dataclass(frozen=True)
class Beyond:
    """A condition whose new values leave the old range.

    Attributes:
        condition: its name.
        trained: smallest and largest value that the run was trained on.
        showers: of the new showers.

    >>> print(Beyond("energy_mev", (1000.0, 64000.0), (500.0, 64000.0)))
    the showers have energy_mev of 500 to 64000, the run was trained on 1000 to 64000
    """

    condition: str
    trained: tuple[float, float]
    showers: tuple[float, float]

    def __str__(self) -> str:
        (least, most), (low, high) = self.trained, self.showers
        return (
            f"the showers have {self.condition} of {low:.6g} to {high:.6g}, "
            f"the run was trained on {least:.6g} to {most:.6g}"
        )

    def to_json(self) -> dict[str, Any]:
        """Return the names and ranges as JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Beyond:
        """Read them.

        Raises:
            KeyError, TypeError, ValueError: one is missing, or is no range.
        """
        ranges = [tuple(map(float, data[name])) for name in ("trained", "showers")]
        (least, most), (low, high) = ranges
        return cls(str(data["condition"]), (least, most), (low, high))


def beyond(
    trained: Sequence[Condition], showers: Sequence[Mapping[str, Array]]
) -> tuple[Beyond, ...]:
    """Compare new showers with what a run was trained on.

    Args:
        trained: the run's conditions, of which those that are numbers count.
        showers: conditions of each new file.

    >>> before = [Condition("energy_mev", 1000.0, 64000.0)]
    >>> beyond(before, [{"energy_mev": np.array([995.0, 5e4])}])
    ()
    >>> beyond(before, [{"energy_mev": np.array([900.0])}])[0].showers
    (900.0, 900.0)
    """
    found = []
    for condition in trained:
        values = [one[condition.name] for one in showers if condition.name in one]
        if condition.low is None or condition.high is None or not values:
            continue
        low, high = condition.low, condition.high
        least, most = (float(end(list(map(end, values)))) for end in (np.min, np.max))
        if least < low - _edge(low, condition) or most > high + _edge(high, condition):
            found.append(Beyond(condition.name, (low, high), (least, most)))
    return tuple(found)


def _edge(end: float, condition: Condition) -> float:
    length = (condition.high or 0.0) - (condition.low or 0.0)
    return EDGE * min(abs(end), length) if length else ROUNDING * abs(end)
