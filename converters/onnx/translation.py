"""Walk through the operators that an output needs and translate one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from caloexport.converters.onnx.call import Call
from caloexport.converters.onnx.folding import require_moderate
from caloexport.converters.onnx.layout import Layout
from caloexport.converters.onnx.messages import GraphMessage, NodeMessage
from caloexport.converters.onnx.operators import Fold, Operator, operators
from caloexport.converters.onnx.pieces import Piece
from caloexport.converters.onnx.tensors import to_array
from caloexport.converters.onnx.values import Operand, Value
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError, UnknownName, UnsupportedError
from caloexport.runtime.network import Network
from caloexport.runtime.reference import evaluate

STANDARD = ("", "ai.onnx")
#: operators that pass whole numbers on without computing with them
WHOLE = {
    "Cast", "Concat", "Flatten", "Gather", "Identity", "Reshape", "Slice", "Split", "Squeeze",
    "Transpose", "Unsqueeze",
}  # fmt: skip
#: bytes that folded constants may take, and more for each byte of weights (8-bit ones become
#: float32, and may be transposed after that): a guard against damaged files
MAX_FOLDED, EXPANSION = 2**26, 12

REASONS = {
    "Loop": "it is control flow, which a fixed graph of layers does not have",
    "Scan": "it is control flow, which a fixed graph of layers does not have",
    "If": "it is control flow, which a fixed graph of layers does not have",
    "RandomNormal": "it draws random numbers, which have to be inputs of the network",
    "RandomNormalLike": "it draws random numbers, which have to be inputs of the network",
    "RandomUniform": "it draws random numbers, which have to be inputs of the network",
    "RandomUniformLike": "it draws random numbers, which have to be inputs of the network",
    "Multinomial": "it draws random numbers, which have to be inputs of the network",
    "Bernoulli": "it draws random numbers, which have to be inputs of the network",
}


class Translation:
    """The state of a translation: what is known of every tensor.

    Args:
        graph: of the file.
        opset: version of the standard operators.
        layout: gets the layers.
        inputs: the tensors that are fed.
    """

    def __init__(
        self, graph: GraphMessage, opset: int, layout: Layout, inputs: Mapping[str, Value]
    ) -> None:
        self.graph, self.opset, self.layout = graph, opset, layout
        if graph.sparse:
            message = "keeps weights as sparse tensors"
            raise UnsupportedError(message, hint="export it with dense weights")
        self.operands: dict[str, Operand] = dict(inputs)
        self.stored = {tensor.name: tensor for tensor in graph.constants}
        self.folded = 0
        stored = sum(len(tensor.raw or b"") for tensor in graph.constants)
        self.most_folded = MAX_FOLDED + EXPANSION * stored

    def look_up(self, node: NodeMessage, name: str) -> Operand | None:
        """Return what a name stands for; None for an operand that is left out."""
        if not name:
            return None
        if name not in self.operands and name in self.stored:
            self.operands[name] = to_array(self.stored[name], "")
        if name not in self.operands:
            message = f"operator {node.operator} reads '{name}', which nothing before it makes"
            raise InputFileError(message, hint="damaged, or its operators stand in a circle")
        return self.operands[name]

    def apply(self, node: NodeMessage) -> None:
        """Translate one operator."""
        if isinstance(node, Piece):
            self._apply_piece(node)
            return
        _check(node)
        operands = [self.look_up(node, name) for name in node.inputs]
        self.layout.base = next((name for name in node.outputs if name), node.name)
        call = Call(node, operands, self.opset, self.layout)
        entry = operators[node.operator]
        constants = [x for x in operands if isinstance(x, np.ndarray)]
        found: list[Operand]
        if entry.fold is not None and len(constants) == sum(x is not None for x in operands):
            require_moderate(call, constants)
            made = _made(call, entry.fold, constants)
            parts = made if isinstance(made, list) else [made]
            found = [self._folded(call, part, constants) for part in parts]
        elif constants and len(constants) == sum(x is not None for x in operands):
            found = _evaluated(call, entry)
        else:
            whole = any(isinstance(x, Value) and x.whole for x in operands)
            if whole and node.operator not in WHOLE:
                raise call.unsupported("it computes with whole numbers")
            found = entry.translate(call)
        for name, operand in zip(node.outputs, found, strict=False):
            if name in self.operands or name in self.stored:
                message = f"operator {node.operator} makes '{name}', which is there already"
                raise InputFileError(message)
            if name:
                self.operands[name] = operand

    def _apply_piece(self, piece: Piece) -> None:
        value = self.look_up(piece, piece.inputs[0])
        if piece.layer is None or not isinstance(value, Value):
            message = f"activation '{piece.name}' reads '{piece.inputs[0]}', which is constant"
            raise InputFileError(message)
        self.layout.base = piece.layer.name
        value, layer = self.layout.canonical(value), piece.layer
        made = self.layout.add(layer.kind, [value], "", layer.weights, **layer.attributes)
        self.operands[piece.outputs[0]] = made

    def _folded(self, call: Call, made: Array, constants: list[Array]) -> Array:
        if not any(np.shares_memory(made, given) for given in constants):
            self.folded += made.nbytes
        if self.folded > self.most_folded:
            raise call.damaged(f"constants grow beyond {self.most_folded} bytes")
        return made


def _made(call: Call, fold: Fold, constants: list[Array]) -> Array | list[Array]:
    """Fold constants, of which some may be sizes that are known only when the file runs."""
    try:
        return fold(call, constants)
    except TypeError as error:
        if not any(constant.dtype == object for constant in constants):
            raise
        raise call.unsupported("what it makes depends on the number of showers") from error


def _evaluated(call: Call, entry: Operator) -> list[Operand]:
    """Return what the layers of an operator give for a constant operand."""
    given = call.weights(0).astype(np.float64)
    shape = given.shape or (1,)
    layout = Layout({"constant": shape})
    layout.base = "made"
    start = Value("constant", shape, tuple(range(given.ndim)))
    made: list[Operand] = []
    for operand in entry.translate(
        replace(call, operands=[start, *call.operands[1:]], layout=layout)
    ):
        if not isinstance(operand, Value):
            raise call.unsupported("it is applied to a constant")
        value = layout.canonical(operand)
        network = Network(layout.inputs, layout.nodes, [value.name])
        array = evaluate(network, {"constant": given.reshape(1, *shape)})[0]
        made.append(array.astype(np.float32).reshape([n for n in value.dims if isinstance(n, int)]))
    return made


def translated(translation: Translation, output: str) -> Value:
    """Translate what an output needs and return it.

    Raises:
        InputFileError: an operator reads what nothing before it makes.
        UnsupportedError: an operator has no translation, or the output is constant.
    """
    for node in _needed(translation.graph, output):
        translation.apply(node)
    found = translation.operands.get(output)
    if found is None and output not in translation.stored:
        message = f"its output '{output}' is made by no operator"
        raise InputFileError(message)
    if not isinstance(found, Value):
        message = f"its output '{output}' does not depend on its inputs"
        raise UnsupportedError(message)
    return found


def _needed(graph: GraphMessage, output: str) -> list[NodeMessage]:
    """Return the operators that an output depends on, in the order of the file."""
    makers: dict[str, int] = {}
    for k, node in enumerate(graph.nodes):
        for name in node.outputs:
            if name and makers.setdefault(name, k) != k:
                message = f"two operators make '{name}'"
                raise InputFileError(message)
    wanted, used = [output], set()
    while wanted:
        place = makers.get(wanted.pop())
        if place is not None and place not in used:
            used.add(place)
            wanted += graph.nodes[place].inputs
    return [graph.nodes[place] for place in sorted(used)]


def _check(node: NodeMessage) -> None:
    """Refuse an operator that has no translation."""
    place = f"operator {node.operator} ('{node.name or next(iter(node.outputs), '')}')"
    if node.domain not in STANDARD:
        message = f"{place} is of the domain '{node.domain}'"
        raise UnsupportedError(message, hint="export with standard operators only")
    if node.operator not in operators:
        reason = REASONS.get(node.operator, "it has no translation into layers")
        hint = UnknownName("operator", node.operator, operators.names()).hint
        raise UnsupportedError(f"{place} is not supported: {reason}", hint=hint)
