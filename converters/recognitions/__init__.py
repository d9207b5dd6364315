"""Recognitions: layers that exporters wrote in pieces, found again. One file each.

A recognition looks at one node, the last of the pieces, and returns the nodes that stand in for
it, the last of which has its name; or None. What it replaces is the same function but for
rounding. Pieces that others read, too, stay for them.
"""

from __future__ import annotations

from collections.abc import Callable

from caloexport.converters.pattern import Pattern
from caloexport.runtime.network import Node
from caloexport.runtime.registry import Registry

Recognition = Callable[[Pattern, Node], list[Node] | None]

recognitions: Registry[Recognition] = Registry(
    "recognition", "caloexport.converters.recognitions", "caloexport.recognitions"
)

__all__ = ["Pattern", "Recognition", "recognitions"]
