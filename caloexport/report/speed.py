"""The time of one shower of a model, as a report tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Speed:
    """One short measurement.

    Attributes:
        calls: single showers that were timed.
        median_us, p10_us, p90_us: conditions in, MeV out.
        backend: that executed the network.
    """

    calls: int
    median_us: float
    p10_us: float
    p90_us: float
    backend: str
