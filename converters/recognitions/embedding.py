"""An embedding of one of several values, put back between the others."""

from __future__ import annotations

from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.network import Node


@recognitions.register("embedding")
def embedding(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise x[:column], table[x[column]], x[column+1:] on the last axis."""
    shape = pattern.shapes[node.name]
    if node.kind != "concatenate" or node.attributes.get("axis", len(shape) - 1) != len(shape) - 1:
        return None
    middle = [k for k, name in enumerate(node.inputs) if pattern.node(name, "embedding")]
    if len(middle) != 1:
        return None
    rows = pattern.nodes[node.inputs[middle[0]]]
    picked = _part(pattern, rows.inputs[0])
    if picked is None or picked[2] != 1:
        return None
    x, column, _ = picked
    behind = pattern.shapes[x][-1] - column - 1
    wanted = [(x, 0, column), (x, column, 1), (x, column + 1, behind)]
    names = [*node.inputs]
    names[middle[0]] = rows.inputs[0]
    if [_part(pattern, name) for name in names] != [part for part in wanted if part[2]]:
        return None
    return [Node(node.name, "embedding", (x,), {"column": column}, rows.weights)]


def _part(pattern: Pattern, name: str) -> tuple[str, int, int] | None:
    """Return source, start and length of a slice of neighbours on the last axis."""
    node = pattern.node(name, "slice")
    if node is None:
        return None
    last = len(pattern.shapes[name]) - 1
    start, step, length = (node.attributes[key] for key in ("start", "step", "length"))
    neighbours = node.attributes["axis"] == last and (step == 1 or length == 1)
    return (node.inputs[0], start, length) if neighbours else None
