"""SH006: showers are as wide as in the reference."""

from __future__ import annotations

from caloexport.validation.checks import Check, Compared, Finding, checks
from caloexport.validation.judging import judge_windows


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the mean second moments of the radius."""
    return judge_windows(compared, "radius_variance_ratio", threshold, "ratio")


checks.register("SH006")(
    Check(
        "mean variance of the radius in a shower, over the reference's",
        "cells far outside hold little energy but most of the second moment, and isolation looks at them",
        find,
        cause="energy in cells far from the axis: noise that a cut on cells would remove, or too few such cells",
        figure="lateral-second-moment",
    )
)
