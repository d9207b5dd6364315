"""SH010: single showers are as lopsided as in the reference."""

from __future__ import annotations

from caloexport.validation.checks import Check, Compared, Finding, checks
from caloexport.validation.judging import judge_windows


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the mean lengths of the first harmonic."""
    return judge_windows(compared, "phi_asymmetry_ratio", threshold, "ratio")


checks.register("SH010")(
    Check(
        "mean azimuthal asymmetry of single showers, over the reference's",
        "real showers are never round, and how far they are not is how far positions are off",
        find,
        cause="averaging: a decoder that gives the mean of many showers, each of which leans elsewhere",
        figure="phi-asymmetry",
    )
)
