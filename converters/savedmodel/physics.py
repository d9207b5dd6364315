"""The signature ``physics`` of our SavedModels, made and proven."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from caloexport.converters.batches import in_batches
from caloexport.converters.physics.network import PhysicsNetwork, physics_network
from caloexport.converters.physics.proof import (
    EnergyVerification,
    PhysicsVectors,
    judge_energies,
    physics_vectors,
)
from caloexport.converters.refusals import untranslated
from caloexport.converters.savedmodel.activations import tensorflow_activations
from caloexport.converters.savedmodel.graph import PHYSICS
from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.converters.savedmodel.own import read_own
from caloexport.converters.savedmodel.proof import read_proof
from caloexport.converters.savedmodel.session import open_session
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import UnsupportedError
from caloexport.runtime.generator import Generator


def physics_of(generator: Generator) -> PhysicsNetwork:
    """Return what the signature computes.

    Raises:
        UnsupportedError: nobody told what the network's inputs and outputs mean, or something of
            that cannot be said in layers.
    """
    manifest = generator.manifest
    if manifest.sampling is None:
        message = "its inputs and outputs are not described"
        raise UnsupportedError(message)
    batch = None if manifest.interface is None else manifest.interface.batch
    physics = physics_network(generator.network, manifest.sampling, batch)
    refusals = untranslated(
        physics.network, tensorflow_layers, tensorflow_activations, "SavedModel"
    )
    if refusals:
        raise UnsupportedError(refusals[0].reason)
    return physics


def prove_physics(folder: Path, written: Generator | None = None) -> EnergyVerification | None:
    """Run the signature in a session and compare its showers with the reference.

    Args:
        folder: a SavedModel of ours.
        written: what the reference evaluates; None for the weights of the checkpoint.

    Returns:
        the outcome, or None when the generator can have no such signature.

    Raises:
        InputFileError: damaged, or the signature is missing.
    """
    vectors = _vectors(read_own(folder) if written is None else written)
    if vectors is None:
        return None
    return judge_energies(_run(folder, vectors.inputs), vectors)


def _vectors(generator: Generator) -> PhysicsVectors | None:
    """Return what the reference gives; weights read for it go before the session has its own."""
    try:
        physics = physics_of(generator)
    except UnsupportedError:
        return None
    return physics_vectors(generator, physics.sampling)


def _run(folder: Path, inputs: Mapping[str, Float32]) -> Array:
    manifest = read_proof(folder).manifest
    call = open_session(folder, manifest, 1, PHYSICS)
    ends = np.cumsum([value.shape[1] for value in inputs.values()])[:-1]

    def run(x: Array) -> Array:
        return np.asarray(call(*np.split(x, ends, axis=1))[0])

    x = np.concatenate([*inputs.values()], axis=1)
    batch = None if manifest.interface is None else manifest.interface.batch
    return run(x) if batch is None else in_batches(run, x, batch)
