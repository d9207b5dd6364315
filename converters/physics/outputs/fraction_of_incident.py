"""Fraction of the incident energy."""

from __future__ import annotations

from caloexport.converters.assembly import Assembly
from caloexport.converters.physics.outputs import output_spellings
from caloexport.runtime.manifest import Sampling


@output_spellings.register("fraction_of_incident")
def fraction_of_incident(parts: Assembly, output: str, energy: str, sampling: Sampling) -> str:
    """Multiply by the incident energy."""
    return parts.add("energies", "multiply", [output, energy])
