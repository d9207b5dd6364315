"""EN002: the total energy fluctuates as much as in the reference."""

from __future__ import annotations

from caloexport.validation.checks import Check, Compared, Finding, checks
from caloexport.validation.judging import judge_windows


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the relative widths of the total energy."""
    return judge_windows(compared, "resolution_ratio", threshold, "ratio")


checks.register("EN002")(
    Check(
        "relative width of the total energy, over the reference's",
        "the energy resolution that an analysis assumes must be that of its simulated showers",
        find,
        cause="a decoder that gives the mean of showers is too narrow; a total that no part of the loss holds is too wide",
        figure="energy-response",
    )
)
