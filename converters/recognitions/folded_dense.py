"""A dense layer of the last axis, for which TensorFlow folds the others and unfolds them again."""

from __future__ import annotations

from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.network import Node


@recognitions.register("folded dense")
def folded_dense(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise a reshape, a dense layer and a reshape that leave all axes but the last."""
    dense = pattern.node(node.inputs[0], "dense") if node.kind == "reshape" else None
    fold = pattern.node(dense.inputs[0], "reshape") if dense is not None else None
    if dense is None or fold is None or pattern.readers(dense.name) != 1:
        return None
    source = fold.inputs[0]
    before, after = pattern.shapes[source], pattern.shapes[node.name]
    kept = before[-1] == pattern.shapes[fold.name][-1] and before[:-1] == after[:-1]
    if not kept or after[-1] != pattern.shapes[dense.name][-1]:
        return None
    return [Node(node.name, "dense", (source,), dense.attributes, dense.weights)]
