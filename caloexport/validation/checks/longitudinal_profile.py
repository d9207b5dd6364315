"""SH001: energy lies at the depth where the reference has it."""

from __future__ import annotations

from caloexport.validation.checks import Check, Compared, Finding, checks, worst_window


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the normalised longitudinal profiles."""
    return worst_window(compared, "longitudinal_l1", threshold, 0.0)


checks.register("SH001")(
    Check(
        "L1 distance of the longitudinal profiles",
        "depth tells electrons from photons and hadrons, and decides what leaks out of the back",
        find,
    )
)
