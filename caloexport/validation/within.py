"""The statement "alike within x %": |difference| ≤ x % + 2σ, where σ < x/2 %, else nobody can tell."""

from __future__ import annotations

from typing import Literal

Answer = Literal["yes", "no", "too few showers"]


def within(ratio: float, error: float | None, limit: float) -> Answer:
    """Say whether a ratio is 1 within a limit.

    Args:
        ratio: of generated to reference.
        error: its standard error σ; None if the samples are too small to tell.
        limit: x as a fraction.

    >>> within(1.012, 0.002, 0.01), within(1.02, 0.002, 0.01), within(1.0, 0.008, 0.01)
    ('yes', 'no', 'too few showers')
    """
    if error is None or not error < limit / 2:
        return "too few showers"
    return "yes" if abs(ratio - 1) <= limit + 2 * error else "no"
