"""EN001: the mean total energy is that of the reference."""

from __future__ import annotations

from caloexport.validation.checks import Check, Compared, Finding, checks, worst_window


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the mean responses."""
    return worst_window(compared, "response_ratio", threshold, 1.0)


checks.register("EN001")(
    Check(
        "mean total energy, over the reference's",
        "calibrations hold for generated showers only if their energy scale is that of simulated ones",
        find,
    )
)
