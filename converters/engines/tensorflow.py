"""TensorFlow in a session, as its C and C++ users run it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from caloexport.converters.batches import in_batches, split_columns
from caloexport.converters.savedmodel.engine import FolderBackend
from caloexport.converters.savedmodel.graph import write_saved_model
from caloexport.converters.savedmodel.proof import read_proof
from caloexport.converters.savedmodel.session import open_session
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.backends import Executor, backends
from caloexport.runtime.manifest import Manifest, weightless_network
from caloexport.runtime.network import Network


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
        (out,) = self._call(*split_columns(x, self._inputs.values()))
        return np.asarray(out, dtype=np.float32).reshape(len(x), self._n_out)


class TensorFlowBackend(FolderBackend):
    """TensorFlow on the CPU."""

    target = "savedmodel"

    def write(self, folder: Path, network: Network, manifest: Manifest) -> None:
        write_saved_model(folder, network, manifest)

    def executor(self, folder: Path, manifest: Manifest, threads: int) -> Executor:
        return TensorFlowExecutor(folder, manifest, threads)

    def open(self, path: Path, *, threads: int = 1) -> Executor:
        return TensorFlowExecutor(path, read_proof(path).manifest, threads)


backends.register("tensorflow")(TensorFlowBackend())
