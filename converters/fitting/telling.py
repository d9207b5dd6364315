"""What a user must know of a fitted generator: kept in the manifest, printed by the command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from caloexport.converters.contracts import Contract, Form
from caloexport.runtime.conditions import SLACK
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.units import format_energy


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
    advice.append(None if sampling is None else beyond_training(sampling, contract))
    provenance = {
        **generator.manifest.provenance,
        "contract": name,
        "readers": contract.versions,
        "notes": [
            *generator.manifest.provenance.get("notes", ()),
            *contract.notes,
            *form.notes,
            *(line for line in advice if line is not None),
        ],
        **{f"chosen_{key}": value for key, value in choices.items()},
    }
    manifest = replace(generator.manifest, provenance=provenance)
    return Generator(manifest, lambda: network)


def beyond_training(sampling: Sampling, contract: Contract) -> str | None:
    """Say where the consumer feeds energies that the model was not trained on.

    The consumer's range is that of its logarithm, else the usual one of the contract.
    """
    usual = {condition.name: condition for condition in contract.assumed}.get("energy_mev")
    trained = next(c for c in sampling.conditions if c.name == "energy_mev")
    if usual is None or usual.low is None or trained.low is None:
        return None
    low, high = usual.low, usual.high
    for term in sampling.encoding.terms:
        if term.kind == "log_ratio" and term.condition == "energy_mev":
            low, high = term.parameters["low"], term.parameters["high"]
    assert high is not None
    assert trained.high is not None
    if trained.low <= low * (1 + SLACK) and high * (1 - SLACK) <= trained.high:
        return None
    return (
        f"the consumer feeds {format_energy(low)} to {format_energy(high)} and does not check: "
        f"outside {format_energy(trained.low)} to {format_energy(trained.high)} the model "
        "extrapolates"
    )


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
