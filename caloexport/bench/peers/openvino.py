"""OpenVINO on the CPU, compiled for one fixed batch, with bound tensors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.bench import plain_onnx
from caloexport.bench.peers import BoundCall, InputBuffers, Peer, peers
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.network import Network, Shape

FILE = "network.onnx"
#: what the plugin is told: without a hint it takes bfloat16 where the processor has it
HINTS = {"float32": "f32", "bfloat16": "bf16", "int8": "f32"}


class OpenVINOModel:
    """A model that is compiled for every batch size."""

    def __init__(self, path: Path, inputs: Sequence[Shape], precision: str, threads: int) -> None:
        import openvino

        self._core, self._inputs = openvino.Core(), inputs
        self._model = self._core.read_model(str(path))
        self._settings = {
            "INFERENCE_PRECISION_HINT": HINTS[precision],
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
        }

    def bound(self, batch: int) -> BoundCall:
        import openvino

        buffers = InputBuffers(self._inputs, batch)
        ports = self._model.inputs
        self._model.reshape(
            {p.any_name: list(a.shape) for p, a in zip(ports, buffers.arrays, strict=True)}
        )
        compiled: Any = self._core.compile_model(self._model, "CPU", self._settings)
        request = compiled.create_infer_request()
        # shared tensors do not keep their arrays: the call holds them
        for index, array in enumerate(buffers.arrays):
            request.set_input_tensor(index, openvino.Tensor(array, shared_memory=True))
        out = np.empty(list(compiled.output(0).shape), dtype=np.float32)
        request.set_output_tensor(0, openvino.Tensor(out, shared_memory=True))
        fill, infer = buffers.fill, request.infer

        def call(x: Float32) -> Array:
            fill(x)
            infer()
            return out

        return call


class OpenVINO(Peer):
    """Float32, the bfloat16 hint, and 8-bit weights with float32 results.

    The weights of the last come from our ONNX target; by default, the plugin rounds activations
    to 8 bits in groups where it finds such weights.
    """

    module = "openvino"
    precisions = ("float32", "bfloat16", "int8")

    def obstacle(self, network: Network) -> str | None:
        return plain_onnx.obstacle(network)

    def write(self, folder: Path, network: Network, precision: str, batches: Sequence[int]) -> None:
        stored = "int8" if precision == "int8" else "float32"
        plain_onnx.write_plain_onnx(folder / FILE, network, stored)

    def open(
        self, folder: Path, inputs: Sequence[Shape], precision: str, threads: int
    ) -> OpenVINOModel:
        return OpenVINOModel(folder / FILE, inputs, precision, threads)


peers.register("openvino")(OpenVINO())
