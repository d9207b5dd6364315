"""SH008: energy lies around the axis as in the reference."""

from __future__ import annotations

from caloexport.validation.checks import Check, Compared, Finding, checks
from caloexport.validation.judging import judge_windows


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the normalised azimuthal profiles."""
    return judge_windows(compared, "phi_l1", threshold, "distance")


checks.register("SH008")(
    Check(
        "L1 distance of the azimuthal profiles",
        "a shower that leans to one side moves the position that is reconstructed",
        find,
        cause="part of the azimuth cells left out or filled twice, as when their number differs between file and mesh",
        figure="phi-profile",
    )
)
