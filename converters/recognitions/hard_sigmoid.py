"""clip(a·x + 1/2, 0, 1), also as relu6(x + 3)/6: the piecewise linear sigmoid."""

from __future__ import annotations

from caloexport.converters.pattern import activation, close
from caloexport.converters.recognitions import Pattern, recognitions
from caloexport.runtime.network import Node


@recognitions.register("hard_sigmoid")
def hard_sigmoid(pattern: Pattern, node: Node) -> list[Node] | None:
    """Recognise a line that is cut at 0 and 1, whatever comes first, scale or cut."""
    outer = pattern.unit_line(node.name)
    if outer is None or outer[2] != 0:
        return None
    ceiling = ceiling_of(pattern, outer[0])
    if ceiling is None or not close(outer[1] * ceiling, 1):
        return None
    inner = pattern.unit_line(pattern.nodes[outer[0]].inputs[0])
    if inner is None or inner[1] <= 0 or not close(outer[1] * inner[2], 0.5):
        return None
    return [activation(node.name, inner[0], "hard_sigmoid", slope=outer[1] * inner[1])]


def ceiling_of(pattern: Pattern, name: str) -> float | None:
    """Return M of a value that is cut at 0 and M, else None."""
    node = pattern.function(name, "relu", "clip")
    if node is None:
        return None
    given = dict(node.attributes)
    if given.pop("function") == "clip":
        return float(given["maximum"]) if given.get("minimum") == 0 and "maximum" in given else None
    if given.get("negative_slope", 0.0) or given.get("threshold", 0.0):
        return None
    return float(given["max_value"]) if "max_value" in given else None
