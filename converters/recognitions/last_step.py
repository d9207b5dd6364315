"""The last step of a recurrent layer that nothing else reads."""

from __future__ import annotations

from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.network import Node

RECURRENT = ("lstm", "gru", "simple_rnn")


@recognitions.register("last step")
def last_step(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise that a layer returns a sequence of which only the end is used."""
    layer = pattern.node(node.inputs[0]) if node.kind == "slice" else None
    if layer is None or layer.kind not in RECURRENT or pattern.readers(layer.name) != 1:
        return None
    steps, units = pattern.shapes[layer.name][0], pattern.shapes[layer.name][-1]
    part = {key: node.attributes[key] for key in ("axis", "start", "length")}
    whole = layer.attributes.get("return_sequences", False)
    if not whole or part != {"axis": 0, "start": steps - 1, "length": 1}:
        return None
    attributes = {**layer.attributes, "return_sequences": False}
    name = f"{node.name}:last"
    return [
        Node(name, layer.kind, layer.inputs, attributes, layer.weights),
        Node(node.name, "reshape", (name,), {"shape": [1, units]}),
    ]
