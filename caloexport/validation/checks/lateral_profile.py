"""SH002: energy lies at the distance from the axis where the reference has it."""

from __future__ import annotations

from caloexport.validation.checks import Check, Compared, Finding, checks, worst_window


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the normalised lateral profiles."""
    return worst_window(compared, "lateral_l1", threshold, 0.0)


checks.register("SH002")(
    Check(
        "L1 distance of the lateral profiles",
        "clusters are cut at a width, and isolation and identification use how energy falls aside",
        find,
    )
)
