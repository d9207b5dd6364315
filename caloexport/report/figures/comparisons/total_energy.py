"""Total energy over incident energy, at every energy."""

from __future__ import annotations

from collections.abc import Iterator

from caloexport.report.figures.comparisons import Figure, figures, never_missing
from caloexport.report.figures.gathered import Gathered
from caloexport.report.figures.histogram import distribution
from caloexport.report.figures.picture import Picture

COLUMNS = 4


def pictures(reference: Gathered, generated: Gathered) -> Iterator[Picture]:
    """Yield one picture with a panel for each energy."""
    frame = reference.frame
    panels = []
    for window in range(len(frame.windows)):
        usual, found = (side.values("response", window) for side in (reference, generated))
        label = "total energy / incident energy"
        panel = distribution(frame.label(window), label, usual, found)
        if panel is not None:
            panels.append(panel)
    rows = [panels[k : k + COLUMNS] for k in range(0, len(panels), COLUMNS)]
    yield Picture("total-energy", "Total energy", rows)


figures.register("total-energy")(
    Figure("total energy over incident energy", never_missing, pictures)
)
