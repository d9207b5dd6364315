"""EN001: the mean total energy is that of the reference."""

from __future__ import annotations

from caloexport.validation.checks import Check, Compared, Finding, checks
from caloexport.validation.judging import judge_windows


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the mean responses."""
    return judge_windows(compared, "response_ratio", threshold, "ratio")


checks.register("EN001")(
    Check(
        "mean total energy, over the reference's",
        "calibrations hold for generated showers only if their energy scale is that of simulated ones",
        find,
        cause="a factor left out or applied twice: sampling fraction, incident energy, unit; or training that stopped early",
        figure="energy-response",
    )
)
