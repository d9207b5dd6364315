"""Absolute energy."""

from __future__ import annotations

from caloexport.converters.assembly import Assembly
from caloexport.converters.physics.constant import constant
from caloexport.converters.physics.outputs import output_spellings
from caloexport.runtime.manifest import Sampling


@output_spellings.register("absolute")
def absolute(parts: Assembly, output: str, energy: str, sampling: Sampling) -> str:
    """Multiply by the unit: one number, where a normalization would hold two for each cell."""
    unit = constant(parts, "unit", energy, sampling.output.parameters["unit_mev"])
    return parts.add("energies", "multiply", [output, unit])
