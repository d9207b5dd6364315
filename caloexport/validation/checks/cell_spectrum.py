"""CE001: cells have the energies that they have in the reference."""

from __future__ import annotations

from caloexport.validation.checks import Check, Compared, Finding, checks
from caloexport.validation.judging import judge_windows


def find(compared: Compared, threshold: float) -> Finding:
    """Compare how many cells fall into each octave of energy."""
    return judge_windows(compared, "cell_spectrum_l1", threshold, "distance")


checks.register("CE001")(
    Check(
        "L1 distance of the spectra of cell energies above the readout cut",
        "thresholds, noise cuts and clustering act on single cells, not on sums of them",
        find,
        cause="blur, which turns few hot cells into many lukewarm ones; a loss of sums alone does not see it",
        figure="cell-spectrum",
    )
)
