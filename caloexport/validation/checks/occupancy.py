"""CE002: as many cells are hit as in the reference."""

from __future__ import annotations

from caloexport.validation.checks import Check, Compared, Finding, checks
from caloexport.validation.judging import judge_windows


def find(compared: Compared, threshold: float) -> Finding:
    """Compare the mean numbers of cells above the readout cut."""
    return judge_windows(compared, "occupancy_ratio", threshold, "ratio")


checks.register("CE002")(
    Check(
        "mean number of cells above the readout cut, over the reference's",
        "the size of events, and the time to simulate and to cluster them, go with the cells that are hit",
        find,
        cause="small energies everywhere, which a threshold on the output would remove; or a threshold that is too high",
        figure="occupancy",
    )
)
