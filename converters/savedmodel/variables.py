"""Which tensor of the checkpoint belongs to which variable of the graph.

The graph says it itself: what it runs after loading assigns restored tensors to variables, in
TensorFlow 1 in the main graph, in TensorFlow 2 in a function. Only read, never run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from caloexport.converters.protobuf.wire import WireError
from caloexport.converters.savedmodel.graph_message import Body, GraphNode, SavedGraph

CALLS = ("StatefulPartitionedCall", "PartitionedCall")
ASSIGNMENTS = ("AssignVariableOp", "Assign")
VARIABLES = ("VarHandleOp", "VariableV2")
PASSING = ("Identity", "ReadVariableOp")


def variable_of(node: GraphNode) -> str:
    """Return the name that a variable is shared by; nodes of one name mean one variable."""
    return node.text("shared_name") or node.name


def checkpoint_keys(graph: SavedGraph) -> dict[str, str]:
    """Return the key in the checkpoint of each variable.

    A variable that is not restored but copied into one that is (as a Keras model leaves its
    layers' own) has the key of the copy.
    """
    keys = dict(_restored(graph.main, {}, graph))
    restore = graph.main.nodes.get(graph.restore)
    if restore is not None and restore.operator in CALLS:
        body = graph.functions.get(restore.function("f"))
        if body is not None:
            given = dict(zip(body.arguments, restore.inputs, strict=False))
            keys.update(_restored(body, given, graph))
    for target, source in _copies(graph.main):
        if target in keys:
            keys.setdefault(source, keys[target])
    return keys


def _restored(body: Body, given: Mapping[str, str], graph: SavedGraph) -> Iterator[tuple[str, str]]:
    """Yield variable and key of each assignment of a restored tensor."""
    for node in body.nodes.values():
        if node.operator not in ASSIGNMENTS or len(node.inputs) != 2:
            continue
        handle, _ = _origin(body, node.inputs[0])
        variable = graph.main.nodes.get(body.locate(given.get(handle, handle))[0])
        name, number = _origin(body, node.inputs[1])
        restore = body.nodes.get(name)
        if variable is None or restore is None or restore.operator != "RestoreV2":
            continue
        names, slices = (_texts(body, reference) for reference in restore.inputs[1:3])
        if number < len(names) and not slices[number]:
            yield variable_of(variable), names[number]


def _origin(body: Body, reference: str) -> tuple[str, int]:
    """Follow a reference back through nodes that pass their input on."""
    for _ in body.nodes:
        name, number = body.locate(reference)
        node = body.nodes.get(name)
        if node is None or node.operator not in PASSING or not node.inputs:
            return name, number
        reference = node.inputs[0]
    message = f"its graph has a loop at '{reference}'"
    raise WireError(message)


def _texts(body: Body, reference: str) -> list[str]:
    node = body.nodes.get(body.locate(reference)[0])
    if node is None or node.operator != "Const":
        message = f"'{reference}' should be a constant list of texts"
        raise WireError(message)
    texts = node.tensor("value")
    return [t.decode() if isinstance(t, bytes) else "" for t in np.ravel(texts)]


def _copies(body: Body) -> Iterator[tuple[str, str]]:
    """Yield the variables that are assigned another variable's value, and that other one."""
    for node in body.nodes.values():
        if node.operator not in ASSIGNMENTS or len(node.inputs) != 2:
            continue
        target, source = (body.nodes.get(_origin(body, one)[0]) for one in node.inputs)
        pair = [x for x in (target, source) if x is not None and x.operator in VARIABLES]
        if len(pair) == 2:
            yield variable_of(pair[0]), variable_of(pair[1])
