"""Values repeated along an axis of their own that is folded into the one before it."""

from __future__ import annotations

from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.network import Node


@recognitions.register("repeated")
def repeated(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise a new axis of size 1, repeated: the axis before it repeats, and is split."""
    expand = pattern.node(node.inputs[0], "reshape") if node.kind == "upsample" else None
    if expand is None:
        return None
    factors = list(node.attributes["factors"])
    axes = [k for k, factor in enumerate(factors) if factor > 1]
    before, between = pattern.shapes[expand.inputs[0]], pattern.shapes[expand.name]
    if len(axes) != 1 or not 0 < axes[0] <= len(before):
        return None
    axis = axes[0]
    if between != (*before[:axis], 1, *before[axis:]):
        return None
    plain = [factors[axis] if k == axis - 1 else 1 for k in range(len(before))]
    longer = Node(f"{node.name}:repeated", "upsample", expand.inputs, {"factors": plain})
    return [
        longer,
        Node(node.name, "reshape", (longer.name,), {"shape": list(pattern.shapes[node.name])}),
    ]
