"""What a user must know of a fitted generator: kept in the manifest, printed by the command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from caloexport.converters.contracts import Contract, Form
from caloexport.runtime.generator import Generator


def described(
    generator: Generator,
    contract: Contract,
    form: Form,
    name: str,
    choices: Mapping[str, str],
) -> Generator:
    """Return the generator with contract, readers, choices and notes in its provenance."""
    network, sampling = generator.network, generator.sampling
    advice = [judge(network, sampling, choices) for judge in contract.advice]
    provenance = {
        **generator.manifest.provenance,
        "contract": name,
        "readers": contract.versions,
        "notes": [*contract.notes, *form.notes, *(line for line in advice if line is not None)],
        **{f"chosen_{key}": value for key, value in choices.items()},
    }
    manifest = replace(generator.manifest, provenance=provenance)
    return Generator(manifest, lambda: network)


def told(provenance: Mapping[str, Any]) -> list[str]:
    """Return the lines that tell a user what was done to the model, and what to do with it.

    >>> told({"fixed_geometry": "siw", "readers": "Geant4 11.4"})
    ['geometry is fixed: siw', 'read by Geant4 11.4']
    """
    lines = []
    if "assumed" in provenance:
        lines.append(f"assumed, as the file does not tell: {provenance['assumed']}")
    for verb in ("fixed", "absorbed", "rescaled", "rearranged", "ignored"):
        for key, value in provenance.items():
            if key.startswith(f"{verb}_"):
                lines.append(f"{key.removeprefix(f'{verb}_')} is {verb}: {value}")
    if "readers" in provenance:
        lines.append(f"read by {provenance['readers']}")
    return [*lines, *(f"note: {note}" for note in provenance.get("notes", ()))]
