"""Layer fractions."""

from __future__ import annotations

from caloexport.converters.assembly import Assembly
from caloexport.converters.layer_fractions import multiplied_out
from caloexport.converters.physics.outputs import output_spellings
from caloexport.runtime.manifest import Sampling


@output_spellings.register("layer_fractions")
def layer_fractions(parts: Assembly, output: str, energy: str, sampling: Sampling) -> str:
    """Multiply cell fraction, layer share, total and incident energy."""
    scale = sampling.output.parameters["total_scale"]
    fractions = multiplied_out(parts, output, sampling.mesh, scale)
    return parts.add("energies", "multiply", [fractions, energy])
