"""How showers lie about their impact points, as a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caloexport.report.figures.layers import layer_title
from caloexport.runtime.mesh import Mesh
from caloexport.validation.estimate import Estimate
from caloexport.validation.impact import Line
from caloexport.validation.placement import Placement

if TYPE_CHECKING:
    from rich.table import Table

LETTERS = {"eta": "η", "phi": "φ"}


def placement_table(found: Placement, mesh: Mesh) -> Table:
    """Return a row for each direction and layer."""
    from rich.table import Table

    table = Table(
        title="impact and alignment", title_justify="left", title_style="bold", box=None,
        pad_edge=False, header_style="bold",
    )  # fmt: skip
    table.add_column("mean - impact")
    for heading in ("χ²/ndf over the cell", "amplitude ratio", "χ²/ndf of profiles by alignment"):
        table.add_column(heading, justify="right")
    aligned = {(one.axis, one.layer): one.chi2_ndf for one in found.aligned}
    for one in found.follows:
        line = one.line
        table.add_row(
            _name(line, mesh),
            _written(one.chi2_ndf),
            _written(one.ratio, 3),
            "" if line.core else _written(aligned.get((line.axis, line.layer))),
        )
    table.caption = (
        "alike samples have χ²/ndf 1 at any size. amplitude: of the period of the layer's own cells"
    )
    table.caption_justify = "left"
    return table


def _name(line: Line, mesh: Mesh) -> str:
    three = ", three hottest" if line.core else ""
    return f"{LETTERS[line.axis]}, {layer_title(mesh, line.layer)}{three}"


def _written(estimate: Estimate | None, digits: int = 2) -> str:
    """Write a figure with its error.

    >>> _written(Estimate(1.0234, 0.02, 0.01), 3), _written(None)
    ('1.023 ± 0.020', '')
    """
    if estimate is None:
        return ""
    error = "" if estimate.error is None else f" ± {estimate.error:.{digits}f}"
    return f"{estimate.value:.{digits}f}{error}"
