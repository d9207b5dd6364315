"""A network drawn with lines of text: one row for each layer, one lane for each value on its way.

    ● Noise
    │ ● mycond
    ├─┴ joined

As ``git log --graph`` draws history: a layer's value goes down its lane until the last layer that
reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from caloexport.runtime.network import Network


@dataclass(frozen=True)
class Row:
    """One row of the drawing.

    Attributes:
        lanes: what to print in front of the name.
        name: of the input or layer.
        fan_out: number of layers that read it.
    """

    lanes: str
    name: str
    fan_out: int


def draw(network: Network) -> Iterator[Row]:
    """Yield the inputs of a network and then its layers, each with the lanes that pass it.

    >>> from caloexport.runtime.network import Node
    >>> nodes = [Node("a", "activation", ("x",), {"function": "tanh"}),
    ...          Node("sum", "add", ("x", "a"))]
    >>> for row in draw(Network({"x": (2,)}, nodes, ["sum"])):
    ...     print(row.lanes, row.name)
    ● x
    ├─● a
    ●─┘ sum
    """
    last_reader = {name: node.name for node in network.nodes for name in node.inputs}
    lanes: list[str | None] = []
    for name, reads in [(n, ()) for n in network.inputs] + [
        (n.name, n.inputs) for n in network.nodes
    ]:
        ends = {read for read in reads if last_reader[read] == name}
        places = [lanes.index(read) for read in dict.fromkeys(reads)]
        goes_on = name in last_reader or name in network.outputs
        own = _lane_for(lanes, places, ends)
        yield Row(_row(lanes, places, ends, own), name, len(network.consumers(name)))
        for place in places:
            if lanes[place] in ends:
                lanes[place] = None
        _put(lanes, own, name if goes_on else None)


def _lane_for(lanes: list[str | None], places: list[int], ends: set[str]) -> int:
    """Return the lane of a new value: one that ends here, else a free one, else one more."""
    for place in places:
        if lanes[place] in ends:
            return place
    beyond = max(places, default=-1)
    free = [k for k, lane in enumerate(lanes) if lane is None and k > beyond]
    return free[0] if free else len(lanes)


def _put(lanes: list[str | None], place: int, name: str | None) -> None:
    lanes.extend([None] * (place + 1 - len(lanes)))
    lanes[place] = name
    while lanes and lanes[-1] is None:
        lanes.pop()


def _row(lanes: list[str | None], places: list[int], ends: set[str], own: int) -> str:
    touched = [*places, own]
    low, high = min(touched), max(touched)
    cells = []
    for k in range(max(len(lanes), own + 1)):
        lane = lanes[k] if k < len(lanes) else None
        inside = low <= k < high
        if k == own:
            mark = "●"
        elif k in places:
            mark = _corner(k, own, high, low, lane in ends)
        elif lane is not None:
            mark = "┼" if low < k < high else "│"
        else:
            mark = "─" if low < k < high else " "
        cells.append(mark + ("─" if inside else " "))
    return "".join(cells).rstrip()


def _corner(place: int, own: int, high: int, low: int, ending: bool) -> str:
    """Return how a lane that is read meets the line to the layer that reads it."""
    edge = place in (low, high)
    if ending:
        return ("┘" if place > own else "└") if edge else "┴"
    return ("┤" if place > own else "├") if edge else "┼"
