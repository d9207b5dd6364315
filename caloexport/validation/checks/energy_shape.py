"""EN004: the total energy is distributed as in the reference, beyond mean and width."""

from __future__ import annotations

from caloexport.validation.checks import Check, Compared, Finding, checks
from caloexport.validation.judging import judge_whole


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the standardised responses."""
    return judge_whole(compared, "response_shape_ks", threshold, "distance")


checks.register("EN004")(
    Check(
        "Kolmogorov-Smirnov distance of the total energies, each about its mean in its widths",
        "tails, of leakage and of late starts, decide how often an energy is far off, which a width does not tell",
        find,
        cause="latent noise that comes out as a Gaussian, where leakage gives a tail to one side",
        figure="total-energy",
    )
)
