"""SH009: hits lie on the side of the axis where the reference has them."""

from __future__ import annotations

from caloexport.validation.checks import NOT_APPLICABLE, Check, Compared, Finding, checks
from caloexport.validation.judging import judge_whole, tells


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the mean directions of the hits of each layer."""
    if compared.whole and not tells(compared, "phi_l1"):
        return Finding(NOT_APPLICABLE, where="cells without azimuth")
    return judge_whole(compared, "hit_azimuth_distance", threshold, "distance")


checks.register("SH009")(
    Check(
        "largest distance of a layer's mean direction of hits, at each angle",
        "inclined particles leave the first layers on one side only: turned, they point elsewhere",
        find,
        cause="azimuth that counts from another direction, or backwards from one that is not in the plane of incidence",
        figure="hit-azimuth",
    )
)
