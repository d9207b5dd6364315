"""TensorFlow in a session, as its C and C++ users run it."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import numpy as np

from caloexport.converters.batches import in_batches
from caloexport.converters.savedmodel.graph import write_saved_model
from caloexport.converters.savedmodel.proof import read_proof
from caloexport.converters.savedmodel.session import open_session
from caloexport.converters.targets import targets
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.backends import Backend, Executor, backends
from caloexport.runtime.errors import OutputFileError
from caloexport.runtime.generator import Generator
from caloexport.runtime.manifest import Manifest, weightless_network


class TensorFlowExecutor:
    """One session; its calls share no scratch.

    Args:
        folder: a SavedModel.
        manifest: names, shapes and order of the inputs.
        threads: that one call may use.
    """

    def __init__(self, folder: Path, manifest: Manifest, threads: int) -> None:
        network = weightless_network(manifest.network, str(folder))
        self._inputs = network.inputs
        self._n_out = network.n_outputs
        self._dtype = np.dtype("f4" if manifest.interface is None else manifest.interface.dtype)
        self._batch = None if manifest.interface is None else manifest.interface.batch
        self._call = open_session(folder, manifest, threads)

    def run(self, x: Array) -> Float32:
        """Return the outputs (n, n_out) float32 of inputs (n, n_in)."""
        x = np.asarray(x, dtype=self._dtype)
        if self._batch is not None and len(x) != self._batch:
            return in_batches(self.run, x, self._batch)
        columns, start = [], 0
        for shape in self._inputs.values():
            stop = start + math.prod(shape)
            columns.append(x[:, start:stop].reshape(len(x), *shape))
            start = stop
        (out,) = self._call(*columns)
        return np.asarray(out, dtype=np.float32).reshape(len(x), self._n_out)


class TensorFlowBackend(Backend):
    """TensorFlow on the CPU."""

    target = "savedmodel"
    module = "tensorflow"
    extra = "train"

    def supports(self, manifest: Manifest) -> bool:
        network = weightless_network(manifest.network, manifest.name)
        return not targets[self.target].refusals(network)

    def prepare(self, generator: Generator, *, threads: int = 1) -> Executor:
        network = targets[self.target].prepare(generator.network)
        with tempfile.TemporaryDirectory() as place:
            try:
                write_saved_model(Path(place), network, generator.manifest)
            except OSError as error:
                message = f"cannot be written: {error.strerror or error}"
                raise OutputFileError(message, where=place, hint="set TMPDIR") from error
            return TensorFlowExecutor(Path(place), generator.manifest, threads)

    def open(self, path: Path, *, threads: int = 1) -> Executor:
        return TensorFlowExecutor(path, read_proof(path).manifest, threads)


backends.register("tensorflow")(TensorFlowBackend())
