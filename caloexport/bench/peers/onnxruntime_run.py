"""ONNX Runtime through ``run``, the call that everybody writes first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from caloexport.bench import plain_onnx
from caloexport.bench.peers import BoundCall, InputBuffers, Peer, peers
from caloexport.converters.engines.onnxruntime import open_session
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.network import Network, Shape

FILE = "network.onnx"


class RunModel:
    """A session that allocates its output in every call."""

    def __init__(self, session: Any, inputs: Sequence[Shape]) -> None:
        self._session, self._inputs = session, inputs

    def bound(self, batch: int) -> BoundCall:
        buffers = InputBuffers(self._inputs, batch)
        names = [port.name for port in self._session.get_inputs()]
        feed = dict(zip(names, buffers.arrays, strict=True))
        run, fill = self._session.run, buffers.fill

        def call(x: Float32) -> Array:
            fill(x)
            result: Array = run(None, feed)[0]
            return result

        return call


class OnnxRuntimeRun(Peer):
    """The plain ONNX file in float32."""

    module = "onnxruntime"
    extra = "onnx"

    def obstacle(self, network: Network) -> str | None:
        return plain_onnx.obstacle(network)

    def write(self, folder: Path, network: Network, precision: str, batches: Sequence[int]) -> None:
        plain_onnx.write_plain_onnx(folder / FILE, network)

    def open(self, folder: Path, inputs: Sequence[Shape], precision: str, threads: int) -> RunModel:
        path = str(folder / FILE)
        return RunModel(open_session(path, threads, path), inputs)


peers.register("onnxruntime-run")(OnnxRuntimeRun())
