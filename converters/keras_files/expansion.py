"""From layers and their calls to the nodes of a network.

A layer that is called twice becomes two nodes that share their weights; the layers of a nested
model become nodes of the one network, named ``MODEL/LAYER``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from caloexport.converters.keras_files.graph_config import Reference
from caloexport.converters.keras_files.model_config import LayerSpec, ModelSpec
from caloexport.converters.keras_files.refusal import refuse
from caloexport.converters.keras_layers import LayerCall, LayerWeights, Step, keras_layers
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.layers import layers as layer_kinds
from caloexport.runtime.network import Network, Node, Shape

#: nested models that call each other twice could otherwise grow without end
LARGEST_CALLS = 2000

#: gives the weights of the layer at the end of a path through nested models
Locate = Callable[[Sequence[tuple[ModelSpec, LayerSpec]]], LayerWeights]
Trail = tuple[tuple[ModelSpec, LayerSpec], ...]


def expand(model: ModelSpec, locate: Locate, keras_major: int | None, where: str) -> Network:
    """Return the network of a model.

    Args:
        model: the outermost one.
        locate: finds weights.
        keras_major: version that wrote the file.
        where: the file, for messages.

    Raises:
        InputFileError: the graph has a loop or a gap, or weights do not fit.
        UnsupportedError: a layer that networks cannot express.
    """
    expansion = _Expansion(locate, keras_major, where)
    inputs = _inputs(model, where)
    expansion.shapes.update(inputs)
    outputs = expansion.run(model, (), "", list(inputs))
    return Network(inputs, expansion.nodes, outputs)


def _inputs(model: ModelSpec, where: str) -> dict[str, Shape]:
    specs = {layer.name: layer for layer in model.layers}
    shapes = {}
    for reference in model.inputs:
        spec = specs.get(reference.layer)
        config = {} if spec is None else spec.config
        batch_shape = config.get("batch_shape", config.get("batch_input_shape"))
        if not isinstance(batch_shape, list) or len(batch_shape) < 2:
            message = f"input '{reference.layer}' does not say its shape"
            raise InputFileError(message, where=where, hint="build the model before saving it")
        if not all(type(n) is int and n > 0 for n in batch_shape[1:]):
            message = f"input '{reference.layer}' has the shape {batch_shape}, which is not fixed"
            raise UnsupportedError(message, where=where, hint="give the Input its full shape")
        shapes[reference.layer] = tuple(batch_shape[1:])
    return shapes


class _Expansion:
    """The nodes made so far."""

    def __init__(self, locate: Locate, keras_major: int | None, where: str) -> None:
        self.nodes: list[Node] = []
        self.shapes: dict[str, Shape] = {}
        self._locate, self._keras_major, self._where = locate, keras_major, where
        self._steps: dict[tuple[Any, ...], list[Step]] = {}
        self._calls = 0

    def run(self, model: ModelSpec, path: Trail, scope: str, arguments: list[str]) -> list[str]:
        """Add the nodes of one call of a model and return the names of its outputs."""
        if len(arguments) != len(model.inputs):
            message = (
                f"model '{model.name}' is called with {len(arguments)} tensors, it has "
                f"{len(model.inputs)} inputs"
            )
            raise InputFileError(message, where=self._where)
        made: dict[tuple[str, int], list[str]] = {
            (reference.layer, 0): [name]
            for reference, name in zip(model.inputs, arguments, strict=True)
        }
        pending = [
            (layer, number)
            for layer in model.layers
            for number in range(len(layer.calls))
            if (layer.name, number) not in made
        ]
        while pending:
            waiting = []
            for layer, number in pending:
                reads = [_lookup(made, r) for r in layer.calls[number].inputs]
                names = [name for name in reads if name is not None]
                if not names or len(names) < len(reads):
                    waiting.append((layer, number))
                    continue
                here = (*path, (model, layer))
                made[layer.name, number] = self._apply(layer, number, here, scope, names)
            if len(waiting) == len(pending):
                stuck = ", ".join(f"'{layer.name}'" for layer, _ in waiting[:5])
                message = f"the graph of model '{model.name}' has a loop or a gap at {stuck}"
                raise InputFileError(message, where=self._where, hint="the file is damaged")
            pending = waiting
        return [self._output(made, reference, model) for reference in model.outputs]

    def _apply(
        self, layer: LayerSpec, number: int, path: Trail, scope: str, inputs: list[str]
    ) -> list[str]:
        self._calls += 1
        if self._calls > LARGEST_CALLS:
            message = f"the model makes more than {LARGEST_CALLS} calls of layers"
            raise InputFileError(message, where=self._where)
        name = scope + layer.name + (f"_call{number + 1}" if number else "")
        if layer.model is not None:
            return self.run(layer.model, path, f"{name}/", inputs)
        read = inputs
        for step in self._steps_of(layer, path, inputs):
            node = Node(self._free(name), step.kind, tuple(read), step.attributes, step.weights)
            shapes = [self.shapes[entry] for entry in read]
            self.shapes[node.name] = layer_kinds[node.kind].shape(node, shapes)
            self.nodes.append(node)
            read, name = [node.name], f"{name}_activation"
        return read

    def _steps_of(self, layer: LayerSpec, path: Trail, inputs: list[str]) -> list[Step]:
        shapes = tuple(self.shapes[name] for name in inputs)
        key = (*(spec.name for _, spec in path), shapes)
        if key not in self._steps:
            place = self._place(layer, path, inputs)
            if layer.key not in keras_layers:
                raise refuse(layer, place)
            call = LayerCall(
                layer.name, layer.class_name, layer.config, shapes,
                _Lazy(self._locate, path), self._keras_major, place,
            )  # fmt: skip
            _require_plain_numbers(call)
            self._steps[key] = keras_layers[layer.key](call)
        return self._steps[key]

    def _place(self, layer: LayerSpec, path: Trail, inputs: list[str]) -> str:
        model = path[-1][0]
        position = model.layers.index(layer) + 1
        readings = " and ".join(f"'{name}'" for name in inputs[:4])
        name = "/".join(spec.name for _, spec in path)
        return (
            f"{self._where}: layer '{name}' ({layer.class_name}), number {position} of "
            f"{len(model.layers)}, fed by {readings}"
        )

    def _output(
        self, made: dict[tuple[str, int], list[str]], reference: Reference, model: ModelSpec
    ) -> str:
        name = _lookup(made, reference)
        if name is None:
            message = f"output '{reference.layer}' of model '{model.name}' is made by no layer"
            raise InputFileError(message, where=self._where, hint="the file is damaged")
        return name

    def _free(self, name: str) -> str:
        free, count = name, 1
        while free in self.shapes:
            count += 1
            free = f"{name}_{count}"
        return free


class _Lazy:
    """Weights that are looked for only when a handler asks for them."""

    def __init__(self, locate: Locate, path: Trail) -> None:
        self._locate, self._path = locate, path

    def read(self, names: Sequence[str]) -> dict[str, Array]:
        return self._locate(self._path).read(names)

    def read_all(self) -> list[Array]:
        return self._locate(self._path).read_all()


def _lookup(made: dict[tuple[str, int], list[str]], reference: Reference) -> str | None:
    outputs = made.get((reference.layer, reference.call), [])
    return outputs[reference.output] if reference.output < len(outputs) else None


def _require_plain_numbers(call: LayerCall) -> None:
    policy = call.config.get("dtype")
    name = str(policy.get("class_name")) if isinstance(policy, dict) else ""
    if name.startswith("Quantized"):
        message = f"it computes with quantised numbers ({name})"
        raise call.unsupported(message, "save the model before quantising it")
