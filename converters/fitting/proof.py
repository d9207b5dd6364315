"""Prove that fitting changed no shower: model and fitted generator, compared in MeV.

An export proves that a file gives what its generator gives; that the generator still is the model
is proven here, before anything is written.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from caloexport.converters.cell_positions import by_position
from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.errors import AnswerIsNo
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Sampling
from caloexport.runtime.reference import evaluate
from caloexport.runtime.tolerance import compare
from caloexport.runtime.vectors import SEED, spread

#: showers to compare; the conditions of each are others
SHOWERS = 4


def require_same_showers(model: Generator, fitted: Generator, contract: str) -> None:
    """Check that both give the same energies for the same latents and conditions.

    Latents of one seed correspond in every law, and the model takes the first of them.

    Args:
        model: as the user gave it, its fixed conditions folded in.
        fitted: to the contract.
        contract: its name, for the message.

    Raises:
        AnswerIsNo: they do not, by rounding of very steep encodings or by a fault of ours.
    """
    before, after = model.sampling, fitted.sampling
    assert before is not None
    assert after is not None
    given = _conditions(before, fitted)
    expected = _fractions(model, before, given)[:, by_position(before.mesh)]
    found = _fractions(fitted, after, given)[:, by_position(after.mesh)]
    difference = compare(found, expected, "float32")
    if not difference.equal:
        message = (
            f"fitting to contract {contract} changed the showers by up to "
            f"{difference.max_rel:.1e} of their largest cell"
        )
        hint = "its encoding is too steep for float32 weights, or caloexport is wrong: report it"
        raise AnswerIsNo(message, hint=hint)


def _conditions(sampling: Sampling, fitted: Generator) -> dict[str, Array]:
    """Return values (SHOWERS,) of every condition; of what the consumer selects, that value."""
    given: dict[str, Array] = {}
    step = np.linspace(0, 15, SHOWERS).astype(int)
    for turn, condition in enumerate(sampling.conditions):
        chosen = fitted.manifest.provenance.get(f"fixed_{condition.name}")
        if chosen is not None and condition.categories:
            given[condition.name] = np.full(SHOWERS, str(chosen).partition(" (")[0])
        else:
            given[condition.name] = spread(condition, turn)[step]
    return given


def _fractions(generator: Generator, sampling: Sampling, given: dict[str, Array]) -> Float64:
    """Return (SHOWERS, cells) energies over the incident energy, without a readout cut."""
    known = {condition.name: given[condition.name] for condition in sampling.conditions}
    latents = sampling.noise.draw(SHOWERS, SEED)
    x = np.concatenate([latents, sampling.encoding.encode(known)], axis=1)
    rows = [evaluate(generator.network, generator.split(row[None])) for row in x]
    outputs = np.concatenate(rows).reshape(SHOWERS, -1)
    incident = np.asarray(given["energy_mev"], dtype=np.float64)
    output = replace(sampling.output, threshold_mev=0.0)
    energies = output.energies(outputs, incident, sampling.mesh)
    return np.asarray(energies / incident[:, None], dtype=np.float64)
