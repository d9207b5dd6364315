"""EN003: the response changes with energy as in the reference."""

from __future__ import annotations

from caloexport.validation.checks import NOT_APPLICABLE, Check, Compared, Finding, checks
from caloexport.validation.judging import judge_whole

NO_ENERGY = "generated showers without energy have no slope"


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the slopes of the response."""
    used = [window["metrics"] for window in compared.windows if window["metrics"]]
    if len(used) == 1:
        return Finding(NOT_APPLICABLE, where="fewer than two energies")
    if any(not metrics["response_ratio"]["value"] > 0 for metrics in used):
        return Finding(NOT_APPLICABLE, where=NO_ENERGY)
    return judge_whole(compared, "response_slope", threshold, "shift")


checks.register("EN003")(
    Check(
        "change of the response per factor ten in energy, less the reference's",
        "one calibration factor corrects a scale that is wrong everywhere, but none corrects one that drifts",
        find,
        cause="energies at the ends of the range are rare in training, or the network does not get the energy well scaled",
        figure="energy-response",
    )
)
