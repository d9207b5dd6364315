"""SH002: energy lies at the distance from the axis where the reference has it."""

from __future__ import annotations

from caloexport.validation.checks import Check, Compared, Finding, checks
from caloexport.validation.judging import judge_windows


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the normalised lateral profiles."""
    return judge_windows(compared, "lateral_l1", threshold, "distance")


checks.register("SH002")(
    Check(
        "L1 distance of the lateral profiles",
        "clusters are cut at a width, and isolation and identification use how energy falls aside",
        find,
        cause="the order of r and φ exchanged, or cells of another size; or blur, which carries the core outwards",
        figure="lateral-profile",
    )
)
