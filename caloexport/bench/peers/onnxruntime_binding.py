"""ONNX Runtime through io-binding, in float32 and in its own dynamic int8."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.bench import plain_onnx
from caloexport.bench.peers import BoundCall, InputBuffers, Peer, peers
from caloexport.converters.engines.onnxruntime import open_session
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.network import Network, Shape

FILE = "network.onnx"


class BindingModel:
    """A session; every batch size has a binding and buffers of its own."""

    def __init__(self, session: Any, inputs: Sequence[Shape]) -> None:
        self._session, self._inputs = session, inputs

    def bound(self, batch: int) -> BoundCall:
        buffers = InputBuffers(self._inputs, batch)
        binding = self._session.io_binding()
        for port, array in zip(self._session.get_inputs(), buffers.arrays, strict=True):
            binding.bind_cpu_input(port.name, array)
        port = self._session.get_outputs()[0]
        out = np.empty((batch, *port.shape[1:]), dtype=np.float32)
        binding.bind_output(port.name, "cpu", 0, np.float32, out.shape, out.ctypes.data)
        run, fill = self._session.run_with_iobinding, buffers.fill

        def call(x: Float32) -> Array:  # it holds the buffers, which the binding does not
            fill(x)
            run(binding)
            return out

        return call


class OnnxRuntimeBinding(Peer):
    """The plain ONNX file; int8 is what ``quantize_dynamic`` makes of it, as it comes.

    Weights have 8 bits and one scale per kernel; the activations of a whole batch are rounded to
    8 bits with one scale.
    """

    module = "onnxruntime"
    extra = "onnx"
    precisions = ("float32", "int8")

    def obstacle(self, network: Network) -> str | None:
        return plain_onnx.obstacle(network)

    def write(self, folder: Path, network: Network, precision: str, batches: Sequence[int]) -> None:
        path = folder / FILE
        plain_onnx.write_plain_onnx(path, network)
        if precision == "int8":
            from onnxruntime.quantization import quantize_dynamic

            exact = path.rename(folder / "float32.onnx")
            quantize_dynamic(exact, path)
            exact.unlink()

    def open(
        self, folder: Path, inputs: Sequence[Shape], precision: str, threads: int
    ) -> BindingModel:
        path = str(folder / FILE)
        return BindingModel(open_session(path, threads, path), inputs)


peers.register("onnxruntime-binding")(OnnxRuntimeBinding())
