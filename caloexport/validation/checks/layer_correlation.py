"""CO001: layers rise and fall together as in the reference."""

from __future__ import annotations

from caloexport.validation.checks import NOT_APPLICABLE, Check, Compared, Finding, checks
from caloexport.validation.judging import judge_whole, tells


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the correlations between the energies of layers."""
    if compared.whole and not compared.empty and not tells(compared, "depth_shift"):
        return Finding(NOT_APPLICABLE, where="fewer than two layers")
    return judge_whole(compared, "layer_correlation_rms", threshold, "distance")


checks.register("CO001")(
    Check(
        "root mean square difference of the correlations between layers",
        "corrections of the energy by its shares in layers rest on how the layers go together",
        find,
        cause="layers that were generated independently, or normalised one by one",
        figure="layer-correlation",
    )
)
