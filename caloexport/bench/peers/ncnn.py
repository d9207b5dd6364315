"""ncnn in float32: chains of dense layers, written in its own format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from caloexport.bench.peers import BoundCall, InputBuffers, Peer, peers
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.layers.activation import constants_of
from caloexport.runtime.network import Network, Node, Shape

STRUCTURE, WEIGHTS = "network.param", "network.bin"
#: first line of a structure, and what stands before the weights of a layer: they are float32
MAGIC, AS_FLOAT32 = "7767517", b"\0\0\0\0"
INPUT, OUTPUT = "x", "y"
#: activations that its dense layer has inside, by their numbers there
INSIDE = {"linear": 0, "relu": 1, "leaky_relu": 2, "sigmoid": 4}
FUNCTIONS = (*INSIDE, "swish")


@dataclass
class Stage:
    """A dense layer and the activation behind it."""

    kernel: Float32
    bias: Float32
    function: str = "linear"
    slope: float = 0.0


class NcnnModel:
    """A loaded network; batches are rows of a matrix."""

    def __init__(self, folder: Path, inputs: Sequence[Shape], threads: int) -> None:
        import ncnn

        self._net, self._inputs = ncnn.Net(), inputs
        options = self._net.opt
        options.num_threads = threads
        options.use_vulkan_compute = False
        options.use_bf16_storage = options.use_fp16_storage = options.use_fp16_arithmetic = False
        self._net.load_param(str(folder / STRUCTURE))
        self._net.load_model(str(folder / WEIGHTS))

    def bound(self, batch: int) -> BoundCall:
        import ncnn

        buffers = InputBuffers(self._inputs, batch)
        (array,) = buffers.arrays
        given = ncnn.Mat(array[0] if batch == 1 else array)  # shares the memory
        extractor_of, fill = self._net.create_extractor, buffers.fill

        def call(x: Float32) -> Array:
            fill(x)
            extractor = extractor_of()
            extractor.input(INPUT, given)
            _, result = extractor.extract(OUTPUT)
            return np.asarray(result)

        return call


class Ncnn(Peer):
    """Float32; the trained β of a swish goes into the kernels around it, which is exact."""

    module = "ncnn"

    def obstacle(self, network: Network) -> str | None:
        if len(network.inputs) != 1 or len(next(iter(network.inputs.values()))) != 1:
            return "chains of one input vector only"
        reads = next(iter(network.inputs))
        for node in network.nodes:
            if node.inputs != (reads,):
                return f"layer '{node.name}': chains of layers only"
            reads = node.name
        return misplaced(network.nodes)

    def write(self, folder: Path, network: Network, precision: str, batches: Sequence[int]) -> None:
        stages = stages_of(network)
        (folder / STRUCTURE).write_text(structure(stages))
        with (folder / WEIGHTS).open("wb") as stream:
            for stage in stages:
                stream.write(AS_FLOAT32)
                stream.write(stage.kernel.T.astype("<f4").tobytes())
                stream.write(stage.bias.astype("<f4").tobytes())

    def open(
        self, folder: Path, inputs: Sequence[Shape], precision: str, threads: int
    ) -> NcnnModel:
        return NcnnModel(folder, inputs, threads)


def misplaced(nodes: Sequence[Node]) -> str | None:
    """Say which layer of a chain is not a dense one, nor an activation behind one."""
    before = ""
    for place, node in enumerate(nodes):
        function = node.attributes.get("function")
        if node.kind not in ("dense", "activation"):
            return f"layer '{node.name}': dense networks only, no {node.kind}"
        if node.kind == "activation" and (before != "dense" or function not in FUNCTIONS):
            return f"layer '{node.name}': no {function} here"
        if function == "swish":
            if not node.weights["beta"].all():
                return f"layer '{node.name}': a β of 0"
            if [after.kind for after in nodes[place + 1 : place + 2]] != ["dense"]:
                return f"layer '{node.name}': no dense layer behind it takes its β"
        before = node.kind
    return None if nodes and nodes[0].kind == "dense" else "the first layer is not dense"


def stages_of(network: Network) -> list[Stage]:
    """Return the layers; x·σ(βx) is (1/β)·swish₁(βx), so β scales the kernels around it."""
    stages: list[Stage] = []
    behind: Any = 1.0
    for node in network.nodes:
        if node.kind == "dense":
            kernel = np.asarray(node.weights["kernel"], dtype=np.float64)
            scaled = kernel / np.reshape(behind, (-1, 1))
            stages.append(Stage(scaled.astype(np.float32), node.weights["bias"]))
            behind = 1.0
            continue
        stage, function = stages[-1], node.attributes["function"]
        stage.function = function
        if function == "leaky_relu":
            stage.slope = float(constants_of(node)["negative_slope"])
        if function == "swish":
            behind = np.asarray(node.weights["beta"], dtype=np.float64)
            stage.kernel = (stage.kernel * behind).astype(np.float32)
            stage.bias = (stage.bias * behind).astype(np.float32)
    return stages


def structure(stages: Sequence[Stage]) -> str:
    """Return the structure file of a chain."""
    lines, reads = [f"Input input 0 1 {INPUT}"], INPUT
    for number, stage in enumerate(stages):
        last, n_out = number == len(stages) - 1, stage.bias.size
        gives = OUTPUT if last else f"dense_{number}"
        inside = INSIDE.get(stage.function, 0)
        slope = f" -23310=1,{stage.slope:.9g}" if stage.function == "leaky_relu" else ""
        parameters = f"0={n_out} 1=1 2={stage.kernel.size} 9={inside}{slope}"
        lines.append(f"InnerProduct dense_{number} 1 1 {reads} {gives} {parameters}")
        reads = gives
        if stage.function == "swish":
            reads = f"swish_{number}"
            lines.append(f"Swish swish_{number} 1 1 {gives} {reads}")
    return "\n".join([MAGIC, f"{len(lines)} {len(lines)}", *lines, ""])


peers.register("ncnn")(Ncnn())
