"""SH007: the depth changes from shower to shower as in the reference."""

from __future__ import annotations

from caloexport.validation.checks import Check, Compared, Finding, checks
from caloexport.validation.judging import judge_windows


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the spreads of the mean depth."""
    return judge_windows(compared, "depth_spread_ratio", threshold, "ratio")


checks.register("SH007")(
    Check(
        "spread of the depth from shower to shower, over the reference's",
        "showers that all start alike give each event the same leakage, and a resolution that is too good",
        find,
        cause="a decoder that leaves its latent noise aside and gives the mean shower",
        figure="depth",
    )
)
