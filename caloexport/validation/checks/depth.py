"""SH003: the mean depth of the showers is that of the reference."""

from __future__ import annotations

from caloexport.validation.checks import Check, Compared, Finding, checks
from caloexport.validation.judging import judge_windows


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the mean energy-weighted depths."""
    return judge_windows(compared, "depth_shift", threshold, "shift")


checks.register("SH003")(
    Check(
        "mean depth less the reference's, in lengths of the shower",
        "the depth of the shower enters the corrections for leakage and for dead material",
        find,
        cause="a mesh that starts elsewhere than the front face, or an energy that the depth does not follow",
        figure="depth",
    )
)
