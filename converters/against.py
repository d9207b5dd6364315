"""Compare an artifact with another model or artifact over the whole condition range."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from caloexport.converters.export import reference_vectors
from caloexport.converters.open import open_model
from caloexport.converters.targets import Proof, targets
from caloexport.converters.verify import Verification, judge, target_of
from caloexport.runtime.arrays import Array
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.vectors import make_vectors


def verify_against(artifact: Path, other: Path) -> Verification:
    """Execute an artifact on the inputs of another one and compare.

    Args:
        artifact: what is judged.
        other: a model (its reference is evaluated) or an artifact (its engine is).

    Raises:
        InputFileError: one of them cannot be read, or they take different inputs.
    """
    _, target = target_of(artifact)
    mine = target.proof(artifact)
    proof = _proof_of(other)
    width, expected_width = mine.vectors.inputs.shape[1], proof.vectors.inputs.shape[1]
    if width != expected_width:
        message = f"takes {width} inputs, {other} takes {expected_width}"
        raise InputFileError(message, where=str(artifact))
    outputs = _execute(artifact, target.engine, proof.vectors.inputs)
    if outputs.shape[1] <= int(proof.vectors.cells.max(initial=0)):
        message = f"gives {outputs.shape[1]} outputs, fewer than {other}"
        raise InputFileError(message, where=str(artifact))
    return judge(outputs, proof, "float32", target.engine)


def _proof_of(other: Path) -> Proof:
    try:
        name, target = target_of(other)
    except InputFileError:
        generator = open_model(other)
        return Proof(generator.manifest, reference_vectors(generator))
    stored = target.proof(other)
    outputs = _execute(other, targets[name].engine, stored.vectors.inputs)
    sampling = stored.manifest.sampling
    return Proof(stored.manifest, make_vectors(stored.vectors.inputs, outputs, sampling))


def _execute(path: Path, engine_name: str, inputs: Array) -> Array:
    engine = backends[engine_name]
    engine.require()
    return engine.open(path).run(np.array(inputs))
