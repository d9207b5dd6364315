"""TensorFlow on a graph file and a checkpoint, by the steps of a TensorFlow 1 loader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from caloexport.converters.batches import in_batches, split_columns
from caloexport.converters.savedmodel.engine import FolderBackend
from caloexport.converters.savedmodel.proof import read_proof_file
from caloexport.converters.savedmodel.quiet import import_tensorflow, without_advice
from caloexport.converters.savedmodel.saver import CHECKPOINT, GRAPH, write_saver_files
from caloexport.converters.savedmodel.session import STATEFUL
from caloexport.converters.targets.graphdef import PROOF_FILE
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.backends import Executor, backends
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.files import existing_file
from caloexport.runtime.interface import standard_interface
from caloexport.runtime.manifest import Manifest, weightless_network
from caloexport.runtime.network import Network


class GraphDefExecutor:
    """One session whose variables were restored by the operators of the graph itself.

    Args:
        folder: with graph and checkpoint.
        manifest: names, shapes and order of the inputs.
        threads: that one call may use.

    Raises:
        InputFileError: damaged, or its graph does more than compute.
    """

    def __init__(self, folder: Path, manifest: Manifest, threads: int) -> None:
        network = weightless_network(manifest.network, str(folder))
        interface = manifest.interface or standard_interface(network.inputs)
        self._shapes = list(network.inputs.values())
        self._n_out, self._batch = network.n_outputs, interface.batch
        self._session = _session(folder, threads)
        names = [f"{port.name}:0" for port in interface.inputs]
        try:
            self._call = self._session.make_callable([f"{interface.output.name}:0"], names)
        except (ValueError, TypeError, KeyError) as error:
            self._session.close()
            raise _damaged(folder, error) from error

    def run(self, x: Array) -> Float32:
        """Return the outputs (n, n_out) float32 of inputs (n, n_in)."""
        x = np.asarray(x, dtype=np.float32)
        if self._batch is not None and len(x) != self._batch:
            return in_batches(self.run, x, self._batch)
        (out,) = self._call(*split_columns(x, self._shapes))
        return np.asarray(out).reshape(len(x), self._n_out)


def _session(folder: Path, threads: int) -> Any:
    """Import the graph and restore its variables, as cppflow does."""
    from google.protobuf.message import DecodeError

    tf = import_tensorflow()
    graph, definition = tf.Graph(), tf.compat.v1.GraphDef()
    config = tf.compat.v1.ConfigProto(
        intra_op_parallelism_threads=threads, inter_op_parallelism_threads=threads
    )
    session = tf.compat.v1.Session(graph=graph, config=config)
    try:
        definition.ParseFromString(existing_file(folder / GRAPH, "graph").read_bytes())
        with graph.as_default(), without_advice(tf):
            tf.import_graph_def(definition, name="")
        effects = {o.type for o in graph.get_operations() if o.op_def.is_stateful} - STATEFUL
        if effects or definition.library.function:
            message = f"its graph does more than compute ({', '.join(sorted(effects))})"
            raise InputFileError(message, where=str(folder))
        session.run("save/restore_all", {"save/Const:0": str(folder / CHECKPOINT)})
    except InputFileError:
        session.close()
        raise
    except (DecodeError, tf.errors.OpError, ValueError, TypeError, KeyError) as error:
        session.close()
        raise _damaged(folder, error) from error
    return session


def _damaged(folder: Path, error: Exception) -> InputFileError:
    reason = str(error).strip().split("\n")[0]
    message = f"is a damaged graph or checkpoint: {type(error).__name__}: {reason:.200}"
    return InputFileError(message, where=str(folder), hint="write it again")


class TensorFlow1Backend(FolderBackend):
    """TensorFlow on the CPU, fed by a graph file and a checkpoint."""

    target = "graphdef"

    def write(self, folder: Path, network: Network, manifest: Manifest) -> None:
        write_saver_files(folder, network, manifest)

    def executor(self, folder: Path, manifest: Manifest, threads: int) -> Executor:
        return GraphDefExecutor(folder, manifest, threads)

    def open(self, path: Path, *, threads: int = 1) -> Executor:
        return GraphDefExecutor(path, read_proof_file(path / PROOF_FILE).manifest, threads)


backends.register("tensorflow1")(TensorFlow1Backend())
