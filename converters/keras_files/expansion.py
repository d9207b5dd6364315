"""From layers and their calls to the nodes of a network.

A layer that is called twice becomes two nodes that share their weights; the layers of a nested
model become nodes of the one network, named ``MODEL/LAYER``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from caloexport.converters.free_names import numbered
from caloexport.converters.keras_files.graph_config import Reference
from caloexport.converters.keras_files.model_config import LayerSpec, ModelSpec
from caloexport.converters.keras_files.refusal import refuse
from caloexport.converters.keras_files.weights_layout import Locate
from caloexport.converters.keras_layers import (
    Input,
    LayerCall,
    LayerWeights,
    Step,
    keras_layers,
)
from caloexport.converters.keras_layers.steps import Value, connect, in_order
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import CaloexportError, InputFileError, UnsupportedError
from caloexport.runtime.layers import layers as layer_kinds
from caloexport.runtime.network import MAX_VALUES, Network, Node, Shape

#: what values of other types than Keras writes make handlers raise
DAMAGE = (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError)

#: nested models that call each other twice could otherwise grow without end
LARGEST_CALLS = 2000

Trail = tuple[tuple[ModelSpec, LayerSpec], ...]


def expand(
    model: ModelSpec,
    locate: Locate,
    keras_major: int | None,
    where: str,
    steps: int | None = None,
) -> Network:
    """Return the network of a model.

    Args:
        model: the outermost one.
        locate: finds weights.
        keras_major: version that wrote the file.
        where: the file, for messages.
        steps: of sequence inputs; None takes those of the file.

    Raises:
        InputFileError: the graph has a loop or a gap, or weights do not fit.
        UnsupportedError: a layer that networks cannot express.
    """
    expansion = _Expansion(locate, keras_major, where)
    inputs = _inputs(model, where, steps)
    expansion.shapes.update(inputs)
    outputs = expansion.run(model, (), "", list(inputs))
    return Network(inputs, expansion.nodes, outputs)


def _inputs(model: ModelSpec, where: str, steps: int | None) -> dict[str, Shape]:
    specs = {layer.name: layer for layer in model.layers}
    shapes: dict[str, Shape] = {}
    for reference in model.inputs:
        spec = specs.get(reference.layer)
        config = {} if spec is None else spec.config
        batch_shape = config.get("batch_shape", config.get("batch_input_shape"))
        if not isinstance(batch_shape, list) or len(batch_shape) < 2:
            message = f"input '{reference.layer}' does not say its shape"
            raise InputFileError(message, where=where, hint="build the model before saving it")
        shapes[reference.layer] = _fixed(batch_shape[1:], reference.layer, where, steps)
        require_size(shapes[reference.layer], f"input '{reference.layer}'", where)
    return shapes


def _fixed(shape: list[Any], name: str, where: str, steps: int | None) -> Shape:
    """Return the shape of an input with its number of steps, be it open or to be changed."""
    if steps is not None and (shape[0] is None or len(shape) == 2):
        shape = [steps, *shape[1:]]
    if all(type(n) is int and n > 0 for n in shape):
        return tuple(shape)
    if shape[0] is None and all(type(n) is int and n > 0 for n in shape[1:]):
        message = f"input '{name}' is a sequence {tuple(shape)} of any length"
        raise InputFileError(message, where=where, hint="say the number of steps: --steps N")
    message = f"input '{name}' has the shape {[None, *shape]}, which is not fixed"
    raise UnsupportedError(message, where=where, hint="give the Input its full shape")


def require_size(shape: Shape, what: str, where: str) -> None:
    """Refuse a tensor that is larger than a whole shower may be.

    Raises:
        InputFileError: before anything of that size is made.
    """
    if math.prod(shape) > MAX_VALUES:
        message = f"{what} has {math.prod(shape):.3g} values"
        raise InputFileError(message, where=where, hint=f"at most {MAX_VALUES} are allowed")


class _Expansion:
    """The nodes made so far."""

    def __init__(self, locate: Locate, keras_major: int | None, where: str) -> None:
        self.nodes: list[Node] = []
        self.shapes: dict[str, Shape] = {}
        self._locate, self._keras_major, self._where = locate, keras_major, where
        self._outputs: dict[tuple[Any, ...], tuple[Value, ...]] = {}
        self._scalars: set[str] = set()  # tensors that in Keras have no axis but that of the batch
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
                raise _stuck(waiting, model, self._where)
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
        call = self._call(layer, number, path, inputs)
        if layer.model is not None:
            call.require_tensors_alone()
            return self.run(layer.model, path, f"{name}/", inputs)
        constants = layer.calls[number].has_constants
        key = (*(spec.name for _, spec in path), call.shapes, number if constants else None)
        if key not in self._outputs:
            self._outputs[key] = self._handled(call, layer)
        return self._add(self._outputs[key], name, inputs, call.place)

    def _add(
        self, outputs: tuple[Value, ...], name: str, inputs: list[str], place: str
    ) -> list[str]:
        """Add the nodes of one call of a layer."""
        steps, made = list(in_order(outputs)), dict[int, str]()

        def source(value: Value) -> str:
            return inputs[value.number] if isinstance(value, Input) else made[id(value)]

        for step, own_name in zip(steps, _names(steps, name), strict=True):
            read = tuple(source(value) for value in step.reads)
            node = Node(
                numbered(own_name, self.shapes), step.kind, read, step.attributes, step.weights
            )
            shape = layer_kinds[node.kind].shape(node, [self.shapes[entry] for entry in read])
            require_size(shape, f"layer '{node.name}'", place)
            self.shapes[node.name] = shape
            self.nodes.append(node)
            made[id(step)] = node.name
            scalar = step.scalar
            if scalar if scalar is not None else self._scalars.issuperset(read):
                self._scalars.add(node.name)
        return [source(output) for output in outputs]

    def _call(self, layer: LayerSpec, number: int, path: Trail, inputs: list[str]) -> LayerCall:
        spec = layer.calls[number]
        return LayerCall(
            layer.name, layer.class_name, layer.config,
            tuple(() if name in self._scalars else self.shapes[name] for name in inputs),
            _Lazy(self._locate, path), self._keras_major, self._place(layer, path, inputs),
            spec.arguments, spec.options,
        )  # fmt: skip

    def _handled(self, call: LayerCall, layer: LayerSpec) -> tuple[Value, ...]:
        if layer.key not in keras_layers:
            raise refuse(layer, call.place)
        _require_plain_numbers(call)
        inputs = [Input(number) for number in range(len(call.shapes))]
        try:
            return connect(keras_layers[layer.key](call), inputs)
        except DAMAGE as error:
            message = f"its configuration is damaged: {type(error).__name__}: {error!s:.80}"
            raise InputFileError(message, where=call.place, hint="save the model again") from error

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


class _Lazy:
    """Weights that are looked for only when a handler asks for them."""

    def __init__(self, locate: Locate, path: Trail) -> None:
        self._locate, self._path = locate, path

    def read(self, names: Sequence[str]) -> dict[str, Array]:
        return self._locate(self._path).read(names)

    def read_all(self) -> list[Array]:
        return self._locate(self._path).read_all()

    def inside(self, attribute: str, name: str | None) -> LayerWeights:
        return self._locate(self._path).inside(attribute, name)


def _stuck(waiting: list[tuple[LayerSpec, int]], model: ModelSpec, where: str) -> CaloexportError:
    """Make the error for layers that no order of evaluation reaches."""
    for layer, number in waiting:
        if layer.class_name == "TFOpLambda" and not layer.calls[number].inputs:
            function = layer.config.get("function")
            message = f"layer '{layer.name}' reads no tensor: Keras 2 does not save what the"
            message += f" function {function!r:.40} takes behind its first argument"
            return UnsupportedError(message, where=where, hint="use a layer, like EinsumDense")
    names = ", ".join(f"'{layer.name}'" for layer, _ in waiting[:5])
    message = f"the graph of model '{model.name}' has a loop or a gap at {names}"
    return InputFileError(message, where=where, hint="the file is damaged")


def _names(steps: Sequence[Step], name: str) -> list[str]:
    """Return the names of a layer's nodes: its own for that with the weights, or the first."""
    main = next((step for step in steps if step.weights), steps[0] if steps else None)
    return [name if step is main else f"{name}_{step.kind}" for step in steps]


def _lookup(made: dict[tuple[str, int], list[str]], reference: Reference) -> str | None:
    outputs = made.get((reference.layer, reference.call), [])
    return outputs[reference.output] if reference.output < len(outputs) else None


def _require_plain_numbers(call: LayerCall) -> None:
    policy = call.config.get("dtype")
    name = str(policy.get("class_name")) if isinstance(policy, dict) else ""
    if name.startswith("Quantized"):
        message = f"it computes with quantised numbers ({name})"
        raise call.unsupported(message, "save the model before quantising it")
