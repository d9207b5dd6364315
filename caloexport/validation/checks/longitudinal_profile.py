"""SH001: energy lies at the depth where the reference has it."""

from __future__ import annotations

from caloexport.validation.checks import Check, Compared, Finding, checks
from caloexport.validation.judging import judge_windows


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the normalised longitudinal profiles."""
    return judge_windows(compared, "longitudinal_l1", threshold, "distance")


checks.register("SH001")(
    Check(
        "L1 distance of the longitudinal profiles",
        "depth tells electrons from photons and hadrons, and decides what leaks out of the back",
        find,
        cause="another order of the layers or another thickness; or layers weighed by their energy, so that the thin ones are free",
        figure="longitudinal-profile",
    )
)
