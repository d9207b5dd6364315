"""Nodes of a network in the making, each with a name that nothing else has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from caloexport.runtime.arrays import Array
from caloexport.runtime.network import Node


class Assembly:
    """Nodes that are added one after the other.

    Args:
        taken: names that are in use.
        prefix: of every name that is given.

    >>> parts = Assembly(["total"])
    >>> parts.add("total", "activation", ["x"], {"function": "relu"})
    "total'"
    """

    def __init__(self, taken: Iterable[str], prefix: str = "") -> None:
        self.nodes: list[Node] = []
        self._taken = set(taken)
        self._prefix = prefix

    def name(self, wanted: str) -> str:
        """Return a name for something that is no node, an input for example."""
        name = self._prefix + wanted
        while name in self._taken:
            name += "'"
        self._taken.add(name)
        return name

    def add(
        self,
        name: str,
        kind: str,
        inputs: Sequence[str],
        attributes: Mapping[str, Any] | None = None,
        weights: Mapping[str, Array] | None = None,
    ) -> str:
        """Add a node and return the name that it got."""
        made = self.name(name)
        self.nodes.append(Node(made, kind, tuple(inputs), attributes or {}, weights or {}))
        return made

    def part(self, name: str, source: str, start: int, length: int) -> str:
        """Add what takes values in a row from a vector."""
        attributes = {"axis": 0, "start": start, "step": 1, "length": length}
        return self.add(name, "slice", [source], attributes)
