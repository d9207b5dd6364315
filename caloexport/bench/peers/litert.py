"""LiteRT (TensorFlow Lite) with XNNPACK: one fixed batch per file, as its users have it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from caloexport.bench.peers import BoundCall, Peer, peers
from caloexport.converters.savedmodel.layers import tensorflow_layers
from caloexport.converters.savedmodel.quiet import import_tensorflow
from caloexport.converters.targets import targets
from caloexport.runtime.arrays import Array, Float32
from caloexport.runtime.errors import MissingDependency
from caloexport.runtime.extras import installed
from caloexport.runtime.network import Network, Shape

TARGET = "savedmodel"


class LiteRTModel:
    """One file per batch size in a folder."""

    def __init__(self, folder: Path, inputs: Sequence[Shape], threads: int) -> None:
        self._folder, self._inputs, self._threads = folder, inputs, threads

    def bound(self, batch: int) -> BoundCall:
        from ai_edge_litert.interpreter import Interpreter

        path = str(self._folder / f"{batch}.tflite")
        interpreter = Interpreter(model_path=path, num_threads=self._threads)
        interpreter.allocate_tensors()
        # the converter may sort inputs; their names end in the numbers that we gave
        details = sorted(interpreter.get_input_details(), key=lambda one: _number(one["name"]))
        columns, start = [], 0
        for detail in details:
            tensor = interpreter.tensor(detail["index"])
            stop = start + tensor().size // batch
            columns.append((tensor, slice(start, stop)))
            start = stop
        output = interpreter.tensor(interpreter.get_output_details()[0]["index"])
        invoke = interpreter.invoke

        def call(x: Float32) -> Array:
            for tensor, part in columns:
                view = tensor()
                view[...] = x[:, part].reshape(view.shape)
            del view  # the interpreter refuses to run while somebody looks at its memory
            invoke()
            result: Array = output()
            return result

        return call


def _number(name: str) -> int:
    """Return the number in ``serving_default_input_3:0`` or ``input_3``."""
    return int(name.split("input_")[1].split(":")[0])


class LiteRT(Peer):
    """Float32, and its dynamic-range int8: 8-bit weights, activations rounded per shower."""

    module = "ai_edge_litert"
    precisions = ("float32", "int8")

    def require(self) -> None:
        super().require()
        if not installed("tensorflow"):  # makes the files
            raise MissingDependency("tensorflow", extra="train")

    def import_libraries(self) -> None:
        import ai_edge_litert.interpreter  # noqa: F401

    def obstacle(self, network: Network) -> str | None:
        target = targets[TARGET]
        refusals = target.refusals(target.prepare(network))
        return refusals[0].reason if refusals else None

    def write(self, folder: Path, network: Network, precision: str, batches: Sequence[int]) -> None:
        tf = import_tensorflow()
        prepared = targets[TARGET].prepare(network)
        for batch in batches:
            function = as_function(tf, prepared, batch)
            converter = tf.lite.TFLiteConverter.from_concrete_functions(
                [function.get_concrete_function()], function
            )
            if precision == "int8":
                converter.optimizations = [tf.lite.Optimize.DEFAULT]
            (folder / f"{batch}.tflite").write_bytes(converter.convert())

    def open(
        self, folder: Path, inputs: Sequence[Shape], precision: str, threads: int
    ) -> LiteRTModel:
        return LiteRTModel(folder, inputs, threads)


def as_function(tf: ModuleType, network: Network, batch: int) -> Any:
    """Return a prepared network as a function of TensorFlow, its weights constants."""

    def call(*inputs: Any) -> Any:
        tensors = dict(zip(network.inputs, inputs, strict=True))
        for node in network.nodes:
            weights = {key: tf.constant(value) for key, value in node.weights.items()}
            reads = [tensors[name] for name in node.inputs]
            tensors[node.name] = tensorflow_layers[node.kind](tf, node, reads, weights)
        return tensors[network.outputs[0]]

    specifications = [
        tf.TensorSpec((batch, *shape), tf.float32, name=f"input_{k}")
        for k, shape in enumerate(network.inputs.values())
    ]
    return tf.function(call, input_signature=specifications)


peers.register("litert")(LiteRT())
