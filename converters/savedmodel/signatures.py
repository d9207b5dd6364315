"""Which function of a SavedModel is read, and how its inputs are called and shaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from caloexport.converters.savedmodel.graph_message import Body, Port, SavedGraph, Signature
from caloexport.converters.savedmodel.values import Tensor
from caloexport.converters.savedmodel.variables import CALLS
from caloexport.runtime.errors import InputFileError, UnsupportedError, UsageError

Item = TypeVar("Item")

SERVING, INIT = "serving_default", "__saved_model_init_op"


@dataclass(frozen=True)
class Entrance:
    """The function that is read.

    Attributes:
        inputs: by the names that users know, in the order of the model's own arguments.
        output: name of the output that is read.
        port: its place in the graph.
        batch: number of showers, where the model fixes it.
    """

    inputs: Mapping[str, Port]
    output: str
    port: Port
    batch: int | None


def choose_entrance(graph: SavedGraph, wanted: str | None, where: str) -> Entrance:
    """Choose signature and output.

    Args:
        graph: of the SavedModel.
        wanted: ``"signature"`` or ``"signature:output"``; None takes ``serving_default`` or the
            only signature, and its first output.
        where: the folder, for messages.

    Raises:
        InputFileError: the model has no signature to read.
        UsageError: there are several, or none of the wanted name.
    """
    signature_name, _, output_name = (wanted or "").partition(":")
    signatures = {k: s for k, s in graph.signatures.items() if k != INIT and s.outputs}
    if not signatures:
        message = "has no signature: nothing says what its inputs and outputs are"
        hint = "save it with model.export, or with signatures=..."
        raise InputFileError(message, where=where, hint=hint)
    if not signature_name:
        signature_name = SERVING if SERVING in signatures else _only("signature", signatures, where)
    signature = _named("signature", signature_name, signatures, where)
    output = output_name or min(signature.outputs, key=_natural)
    port = _named("output", output, signature.outputs, where)
    ordered = {name: signature.inputs[name] for name in _ordered_inputs(graph, signature)}
    return Entrance(ordered, output, port, _batch(ordered.values(), where))


def input_tensor(name: str, port: Port, steps: int | None, where: str) -> Tensor:
    """Return an input as a tensor; the first axis is the batch axis.

    Raises:
        InputFileError: its steps are open and nobody gave them.
        UnsupportedError: another axis is open, or there is no batch axis.
    """
    shape = port.shape
    if port.dtype is None:
        message = f"input '{name}' does not hold numbers"
        raise UnsupportedError(message, where=where)
    if not shape:
        message = f"input '{name}' does not say its shape, or has no batch axis"
        raise UnsupportedError(message, where=where)
    inner = list(shape[1:])
    if len(inner) == 2 and inner[0] < 0:
        if steps is None:
            message = f"input '{name}' leaves open how many steps its sequences have"
            raise InputFileError(message, where=where, hint="give --steps N")
        inner[0] = steps
    if min(inner, default=1) < 1:
        message = f"input '{name}' has the shape {shape}, which is not fixed"
        raise UnsupportedError(message, where=where, hint="save the model with its full shape")
    if not inner:
        return Tensor(name, (1,), merged=True)
    return Tensor(name, tuple(inner))


def _only(what: str, found: Mapping[str, object], where: str) -> str:
    if len(found) > 1:
        message = f"has several {what}s and none called '{SERVING}'"
        hint = f"choose one with --signature: {', '.join(sorted(found))}"
        raise UsageError(message, where=where, hint=hint)
    return next(iter(found))


def _named(what: str, name: str, found: Mapping[str, Item], where: str) -> Item:
    if name not in found:
        message = f"has no {what} '{name}'"
        raise UsageError(message, where=where, hint=f"it has {', '.join(sorted(found))}")
    return found[name]


def _natural(name: str) -> tuple[str, int]:
    """Order output_2 before output_10."""
    stem, _, number = name.rpartition("_")
    return (stem, int(number)) if number.isdigit() else (name, -1)


def _batch(ports: Iterable[Port], where: str) -> int | None:
    sizes = {port.shape[0] for port in ports if port.shape}
    if len(sizes) > 1:
        message = f"its inputs differ in their number of showers: {sorted(sizes)}"
        raise UnsupportedError(message, where=where)
    fixed = sizes.pop() if sizes else -1
    return fixed if fixed > 0 else None


def _ordered_inputs(graph: SavedGraph, signature: Signature) -> list[str]:
    """Return the input names in the order of the innermost function that takes them all.

    A signature has no order, and its wrapper sorts names; the function behind has the order in
    which the model was called.
    """
    body: Body | None = graph.main
    names = {graph.main.locate(port.reference)[0]: key for key, port in signature.inputs.items()}
    order = [key for node in graph.main.nodes for key in [names.get(node)] if key is not None]
    missing = [key for key in signature.inputs if key not in order]
    seen = 0
    while body is not None and len(names) > 1 and seen <= len(graph.functions):
        body, names = _deeper(graph, body, names)
        order = list(names.values()) or order
        seen += 1
    return order + [key for key in missing if key not in order]


def _deeper(
    graph: SavedGraph, body: Body, names: Mapping[str, str]
) -> tuple[Body | None, dict[str, str]]:
    """Return the function that is called with all the names, and what it calls them."""
    for node in body.nodes.values():
        given = [names.get(body.locate(reference)[0]) for reference in node.inputs]
        if node.operator in CALLS and {key for key in given if key} == set(names.values()):
            inner = graph.functions.get(node.function("f"))
            if inner is not None:
                pairs = zip(inner.arguments, given, strict=False)
                return inner, {argument: key for argument, key in pairs if key is not None}
    return None, {}
