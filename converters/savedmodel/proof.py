"""Manifest, test vectors and tensor names of a SavedModel, in ``assets.extra``.

TensorFlow leaves that folder to others and carries it along.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from caloexport.converters.savedmodel.graph import GRAPH_FILE
from caloexport.converters.targets import Proof
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.manifest import Manifest, manifest_from_text, weightless_network
from caloexport.runtime.safetensors_file import read_safetensors, write_safetensors
from caloexport.runtime.vectors import Vectors, vectors_from_arrays

FORMAT = "caloexport.proof/1"
PROOF_FILE = "assets.extra/caloexport.safetensors"


def write_proof(
    folder: Path, manifest: Manifest, vectors: Vectors, tensors: Mapping[str, Any]
) -> None:
    """Write the proof into a SavedModel folder.

    Args:
        folder: of the SavedModel.
        manifest: of the network as exported.
        vectors: test vectors.
        tensors: graph tensor names, ``{"inputs": {name: tensor}, "output": tensor}``; C and C++
            feed and fetch by them.
    """
    (folder / PROOF_FILE).parent.mkdir()
    write_proof_file(folder / PROOF_FILE, manifest, vectors, tensors)


def write_proof_file(
    path: Path, manifest: Manifest, vectors: Vectors, tensors: Mapping[str, Any]
) -> None:
    """Write a proof as a file; the arguments are those of :func:`write_proof`."""
    names = json.dumps(tensors, sort_keys=True)
    metadata = {
        "format": FORMAT,
        "manifest_sha256": manifest.hash,  # first: C++ looks for it
        "manifest": manifest.dumps(),
        "tensors": names,
    }
    write_safetensors(path, vectors.to_arrays(), metadata)


def is_saved_model(path: Path) -> bool:
    """Say whether a path is a folder with a SavedModel's graph in it."""
    return (path / GRAPH_FILE).is_file()


def read_proof(folder: Path) -> Proof:
    """Read the proof of a SavedModel folder; its graph is not touched.

    Raises:
        InputFileError: no SavedModel, not written by caloexport, or damaged.
    """
    path = folder / PROOF_FILE
    if not is_saved_model(folder):
        message = f"is not a SavedModel: it holds no {GRAPH_FILE}"
        raise InputFileError(message, where=str(folder))
    if not path.exists():
        message = f"is a SavedModel that caloexport did not write: it holds no {PROOF_FILE}"
        raise InputFileError(message, where=str(folder), hint="make one with caloexport convert")
    return read_proof_file(path)


def read_proof_file(path: Path) -> Proof:
    """Read a proof from its file.

    Raises:
        InputFileError: missing or damaged, or another file.
    """
    arrays, metadata = read_safetensors(path)
    if metadata.get("format") != FORMAT or "manifest" not in metadata:
        message = f"is a safetensors file, but not a proof ('{FORMAT}')"
        raise InputFileError(message, where=str(path))
    manifest = manifest_from_text(metadata["manifest"], str(path))
    network = weightless_network(manifest.network, str(path))
    sizes = network.n_inputs, network.n_outputs
    return Proof(manifest, vectors_from_arrays(arrays, manifest.sampling, *sizes, str(path)))
