"""SH005: the mean distance from the axis is that of the reference."""

from __future__ import annotations

from caloexport.validation.checks import Check, Compared, Finding, checks
from caloexport.validation.judging import judge_windows


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the mean energy-weighted radii."""
    return judge_windows(compared, "radius_ratio", threshold, "ratio")


checks.register("SH005")(
    Check(
        "mean distance from the axis, over the reference's",
        "the lateral size decides what share of a shower a cluster collects",
        find,
        cause="blur of the core, or a scale of the mesh in the radiation length of another material",
        figure="mean-radius",
    )
)
