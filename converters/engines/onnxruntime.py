"""ONNX Runtime, through io-binding: outputs go straight into the array that is returned."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.converters.batches import in_batches
from caloexport.converters.onnx.envelope import require_self_contained
from caloexport.converters.onnx.model import build_model, read_proof
from caloexport.converters.targets import targets
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.backends import Backend, Executor, backends
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.extras import require
from caloexport.runtime.generator import Generator
from caloexport.runtime.interface import tensor_shapes
from caloexport.runtime.manifest import Manifest, weightless_network

FATAL = 4


class OnnxRuntimeExecutor:
    """One session; every call has a binding and an output of its own, so threads share nothing.

    Args:
        source: path of a model, or the model itself.
        manifest: names, shapes and order of the inputs.
        threads: that one call may use.

    Raises:
        InputFileError: ONNX Runtime rejects the model, or it is not what the manifest says.
    """

    def __init__(self, source: str | bytes, manifest: Manifest, threads: int) -> None:
        where = source if isinstance(source, str) else manifest.name
        network = weightless_network(manifest.network, where)
        self._inputs = tensor_shapes(network.inputs, manifest.interface)
        self._batch = None if manifest.interface is None else manifest.interface.batch
        self._dtype = np.dtype("f4" if manifest.interface is None else manifest.interface.dtype)
        self._output = network.shapes[network.outputs[0]]
        self._session = open_session(source, threads, where)
        found = {i.name: tuple(i.shape[1:]) for i in self._session.get_inputs()}
        first = self._session.get_outputs()[0]
        if found != self._inputs or tuple(first.shape[1:]) != self._output:
            message = (
                f"maps {found} to {tuple(first.shape[1:])}, its manifest says "
                f"{self._inputs} to {self._output}"
            )
            raise InputFileError(message, where=where)
        self._output_name = first.name

    def run(self, x: Array) -> Float32:
        """Return the outputs (n, n_out) float32 of inputs (n, n_in)."""
        x = np.ascontiguousarray(x, dtype=self._dtype)
        n = len(x)
        if self._batch is not None and n != self._batch:
            return in_batches(self.run, x, self._batch)
        out = np.empty((n, *self._output), dtype=self._dtype)
        if n:
            binding, alive, start = self._session.io_binding(), [], 0
            for name, shape in self._inputs.items():
                stop = start + math.prod(shape)
                # contiguous for a single input already; the binding reads the memory itself
                columns = np.ascontiguousarray(x[:, start:stop]).reshape(n, *shape)
                binding.bind_cpu_input(name, columns)
                alive.append(columns)
                start = stop
            place = out.ctypes.data
            binding.bind_output(self._output_name, "cpu", 0, self._dtype.type, out.shape, place)
            self._session.run_with_iobinding(binding)
            del alive  # not before the run has ended
        return out.reshape(n, math.prod(self._output)).astype(np.float32, copy=False)

    def bound(self, n: int) -> Callable[[Array], Float32]:
        """Return a call on n showers whose buffers are bound once; it returns the same array."""
        out = np.empty((n, *self._output), dtype=self._dtype)
        binding, columns, start = self._session.io_binding(), [], 0
        for name, shape in self._inputs.items():
            columns.append((start, np.zeros((n, *shape), dtype=self._dtype)))
            binding.bind_cpu_input(name, columns[-1][1])
            start += math.prod(shape)
        place = out.ctypes.data
        binding.bind_output(self._output_name, "cpu", 0, self._dtype.type, out.shape, place)

        def call(x: Array) -> Float32:
            for first, column in columns:
                size = column.size // n
                column[...] = x[:, first : first + size].reshape(column.shape)
            self._session.run_with_iobinding(binding)
            return out.reshape(n, -1)

        return call


def open_session(source: str | bytes, threads: int, where: str) -> Any:
    """Return the session of ONNX Runtime for a model.

    Args:
        source: path of a model, or the model itself.
        threads: that one call may use.
        where: of the model, for messages.

    Raises:
        InputFileError: ONNX Runtime rejects it.
        MissingDependency: ONNX Runtime is not installed.
    """
    onnxruntime = require("onnxruntime", extra="onnx")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = threads
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.log_severity_level = FATAL  # errors are raised, they need not be printed too
    try:
        return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors have no common base
        message = f"ONNX Runtime rejects it: {str(error).strip()}"
        raise InputFileError(message, where=where) from error


class OnnxRuntimeBackend(Backend):
    """ONNX Runtime on the CPU."""

    target = "onnx"
    module = "onnxruntime"
    extra = "onnx"

    def supports(self, manifest: Manifest) -> bool:
        network = weightless_network(manifest.network, manifest.name)
        return not targets[self.target].refusals(network)

    def prepare(self, generator: Generator, *, threads: int = 1) -> Executor:
        network = targets[self.target].prepare(generator.network)
        manifest = generator.manifest
        model = build_model(network, {}, manifest.name, interface=manifest.interface)
        return OnnxRuntimeExecutor(model.SerializeToString(), manifest, threads)

    def open(self, path: Path, *, threads: int = 1) -> Executor:
        manifest = read_proof(path).manifest
        require_self_contained(path)
        return OnnxRuntimeExecutor(str(path), manifest, threads)


backends.register("onnxruntime")(OnnxRuntimeBackend())
