"""How far two models part, for people and programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from caloexport.runtime.tolerance import TABLE

TOLERANCE = "float32"
#: layers that people see; all of them are in the JSON
SHOWN = 5


@dataclass(frozen=True)
class Comparison:
    """How far two models part.

    Attributes:
        equal: every value is within the tolerance.
        max_abs: largest |Δ|, in ``unit``.
        max_rel: largest |Δ| over the largest expected value of its shower.
        unit: ``"of E_inc"``, or ``"of the raw output"`` for bare networks.
        where: the worst value, in words.
        vectors: number of inputs compared.
        engines: what executed the two.
        layers: per calorimeter layer: number, largest |Δ| of a cell and of the layer's sum.
        first_difference: first layer of the network, of those with one name, that differs.
    """

    equal: bool
    max_abs: float
    max_rel: float
    unit: str
    where: str
    vectors: int
    engines: tuple[str, str]
    layers: tuple[tuple[int, float, float], ...]
    first_difference: str | None

    def to_json(self) -> dict[str, Any]:
        """Return the object ``caloexport.verify/1``."""
        row = TABLE[TOLERANCE]
        return {
            "schema": "caloexport.verify/1",
            "equal": self.equal,
            "max_abs": self.max_abs,
            "max_rel": self.max_rel,
            "unit": self.unit,
            "tolerance": {"atol": row.atol, "rtol": row.rtol, "reason": row.reason},
            "where": self.where,
            "vectors": self.vectors,
            "engines": list(self.engines),
            "layers": [
                {"layer": layer, "max_abs": cell, "sum_abs": total}
                for layer, cell, total in self.layers
            ],
            "first_difference": self.first_difference,
        }

    def __str__(self) -> str:
        verdict = "equal" if self.equal else "DIFFERENT"
        text = (
            f"{verdict} over {self.vectors} vectors by {' and '.join(self.engines)}: "
            f"max |Δ| = {self.max_abs:.1e} {self.unit}, {self.where}"
        )
        if not self.equal and self.first_difference:
            text += f"; the networks first part at layer '{self.first_difference}'"
        return text

    def table(self) -> Any:
        """Return the calorimeter layers that differ most, as a table for rich."""
        from rich.table import Table

        table = Table(box=None, pad_edge=False, header_style="bold")
        for heading in ("layer", "max |Δ| of a cell", "max |Δ| of its sum"):
            table.add_column(heading, justify="right")
        for layer, cell, total in sorted(self.layers, key=lambda row: -row[2])[:SHOWN]:
            table.add_row(str(layer), f"{cell:.1e}", f"{total:.1e}")
        return table
