"""Output maps in layers, one file each: from the network's output to cell energies in MeV."""

from __future__ import annotations

from collections.abc import Callable

from caloexport.converters.assembly import Assembly
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.registry import Registry

#: (parts, name of the flat output, name of the incident energy (1,) in MeV, sampling) -> name of
#: (cells,) in MeV, before the readout threshold
Spelling = Callable[[Assembly, str, str, Sampling], str]

output_spellings: Registry[Spelling] = Registry(
    "output map in layers", "caloexport.converters.physics.outputs", "caloexport.output_spellings"
)


def spell_output(parts: Assembly, output: str, energy: str, sampling: Sampling) -> str:
    """Add what makes cell energies of a flat output, and return their name.

    Raises:
        UnsupportedError: nobody has said how this kind is spelled in layers.
    """
    kind = sampling.output.kind
    if kind not in output_spellings:
        message = f"the output map '{kind}' is not known in layers"
        raise UnsupportedError(message)
    return output_spellings[kind](parts, output, energy, sampling)
