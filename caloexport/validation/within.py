"""The statement "alike within x %": |difference| ≤ x % + 2σ, where σ < x/2 %.

A larger difference is none whatever σ; a smaller one with a larger σ tells nothing.
"""

from __future__ import annotations

from caloexport.validation.deciding import Answer, decide

__all__ = ["Answer", "within"]

#: standard errors, for a statement that is looked at alone
ERRORS = 2.0


def within(ratio: float, error: float | None, limit: float) -> Answer:
    """Say whether a ratio is 1 within a limit.

    Args:
        ratio: of generated to reference.
        error: its standard error σ; None if the samples are too small to tell.
        limit: x as a fraction.

    >>> within(1.012, 0.002, 0.01), within(1.02, 0.002, 0.01)
    ('yes', 'no')
    >>> within(1.0, 0.008, 0.01), within(1.1, 0.008, 0.01)
    ('too few showers', 'no')
    """
    return decide(abs(ratio - 1), error, limit, errors=ERRORS, slack=ERRORS)
