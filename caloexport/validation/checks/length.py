"""SH004: showers are as long as in the reference."""

from __future__ import annotations

from caloexport.validation.checks import Check, Compared, Finding, checks
from caloexport.validation.judging import judge_windows


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the mean second moments of depth."""
    return judge_windows(compared, "depth_variance_ratio", threshold, "ratio")


checks.register("SH004")(
    Check(
        "mean variance of the depth in a shower, over the reference's",
        "the second moment separates compact electromagnetic showers from long hadronic ones",
        find,
        cause="energy in single cells far from the peak: noise that a cut on cells would remove",
        figure="longitudinal-second-moment",
    )
)
