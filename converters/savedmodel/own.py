"""Our own SavedModels, back as the generator that they were made from."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from caloexport.converters.savedmodel.checkpoint import Checkpoint
from caloexport.converters.savedmodel.graph import variable_name
from caloexport.converters.savedmodel.proof import read_proof
from caloexport.runtime.consistency import check_fit
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.fields import blame_file
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import network_from_json, weightless_network
from caloexport.runtime.packing import weights_hash


def read_own(folder: Path) -> Generator:
    """Read manifest, test vectors and weights of a SavedModel that we wrote.

    Raises:
        InputFileError: damaged, or its weights are not those of the manifest.
    """
    where = str(folder)
    proof = read_proof(folder)
    manifest = proof.manifest
    shapes = weightless_network(manifest.network, where)
    weights = {}
    if any(node.weights for node in shapes.nodes):
        checkpoint = Checkpoint(folder)
        weights = {
            (node.name, key): checkpoint.read(variable_name(manifest, node.name, key))
            for node in shapes.nodes
            for key in node.weights
        }
    with blame_file(where):
        network = network_from_json(manifest.network, weights, where)
        if manifest.sampling is not None:
            check_fit(manifest.sampling, network)
    if any(value.dtype != np.float32 for value in weights.values()) or (
        weights_hash(network) != manifest.weights_sha256
    ):
        message = "its weights were changed after the export"
        raise InputFileError(message, where=where, hint="convert the model again")
    return Generator(manifest, lambda: network, vectors=proof.vectors)
