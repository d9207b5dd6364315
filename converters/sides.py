"""One side of a comparison: a model or an artifact, with what executes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from caloexport.converters.open import choices_for, open_model
from caloexport.converters.readers import Choices
from caloexport.converters.targets import Proof, Target
from caloexport.converters.verify import target_of
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.backends import backends
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.manifest import Manifest
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate


@dataclass(frozen=True, eq=False)
class Side:
    """A model that can be executed.

    Attributes:
        name: of the file, for messages.
        manifest: what its inputs and outputs mean.
        engine: what executes it: the format's own engine for an artifact, ``"numpy"`` in float64
            for a model that we only read.
        run: from input vectors (n, n_in) to outputs (n, n_out).
        network: gives its graph; None when the format cannot be read back.
    """

    name: str
    manifest: Manifest
    engine: str
    run: Callable[[Array], Array]
    network: Callable[[], Network | None]


def side_of(path: Path, choices: Choices) -> Side:
    """Open a model for a comparison.

    Raises:
        InputFileError: it cannot be read.
        MissingDependency: the engine of its format is not installed.
    """
    found = _as_artifact(path)
    if found is None:
        generator = open_model(path, choices_for(path, choices))
        network = generator.network

        def run(x: Array) -> Array:
            rows = [evaluate(network, generator.split(row[None])) for row in x]
            return np.concatenate(rows).reshape(len(x), -1)

        return Side(str(path), generator.manifest, "numpy", run, lambda: network)
    target, proof = found
    engine = target.engine_for(proof.manifest)
    backends[engine].require()
    executor = backends[engine].open(path)

    def execute(x: Array) -> Float32 | Array:
        return executor.run(np.array(x, dtype=np.float32))

    return Side(str(path), proof.manifest, engine, execute, partial(_network_of, path, choices))


def _as_artifact(path: Path) -> tuple[Target, Proof] | None:
    """Return target and proof of a file that we wrote; None for anything else."""
    try:
        _, target = target_of(path)
    except InputFileError:
        if not path.exists():
            raise
        return None
    try:
        return target, target.proof(path)
    except InputFileError:
        return None  # of the format, but not ours: read as a model, whose reader says what is wrong


def _network_of(path: Path, choices: Choices) -> Network | None:
    try:
        return open_model(path, choices_for(path, choices)).network
    except (UnsupportedError, InputFileError):
        return None
