"""Typed reading of the attributes of a layer, which may come from a damaged file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from caloexport.runtime.layers import misfit

if TYPE_CHECKING:
    from caloexport.runtime.network import Node

#: what a layer may hold of one shower while it computes: a gigabyte in float64
MAX_VALUES = 2**27


def is_whole(value: Any, low: int, high: int = MAX_VALUES) -> bool:
    """Say whether a value is a whole number (no truth value) between two bounds, both included.

    >>> is_whole(3, 0), is_whole(True, 0), is_whole(2.0, 0)
    (True, False, False)
    """
    return type(value) is int and low <= value <= high


def whole(node: Node, key: str, low: int, high: int = MAX_VALUES) -> int:
    """Return an attribute that is a whole number between two bounds.

    Raises:
        InputFileError: it is missing, something else, or outside.
    """
    value: Any = node.attributes.get(key)
    if not is_whole(value, low, high):
        raise misfit(node, f"the attribute '{key}', a whole number from {low} to {high}", value)
    return int(value)


def wholes(node: Node, key: str, count: int, low: int) -> list[int]:
    """Return an attribute that is a list of ``count`` whole numbers of at least ``low``."""
    value: Any = node.attributes.get(key)
    if not _is_list(value, count) or not all(is_whole(n, low) for n in value):
        raise misfit(node, f"the attribute '{key}', {count} whole numbers from {low}", value)
    return list(value)


def pairs(node: Node, key: str, count: int, low: int) -> list[tuple[int, int]]:
    """Return an attribute that is a list of ``count`` pairs (before, after) of at least ``low``."""
    value: Any = node.attributes.get(key)
    if not _is_list(value, count) or not all(
        _is_list(pair, 2) and all(is_whole(n, low) for n in pair) for pair in value
    ):
        raise misfit(node, f"the attribute '{key}', {count} pairs of whole numbers", value)
    return [(int(before), int(after)) for before, after in value]


def flag(node: Node, key: str, default: bool = False) -> bool:
    """Return an attribute that is true or false."""
    value = node.attributes.get(key, default)
    if not isinstance(value, bool):
        raise misfit(node, f"the attribute '{key}', true or false", value)
    return value


def finite(node: Node, key: str, default: float) -> float:
    """Return an attribute that is a finite number."""
    value = node.attributes.get(key, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise misfit(node, f"the attribute '{key}', a finite number", value)
    return float(value)


def require_moderate(node: Node, sizes: Sequence[int]) -> None:
    """Refuse a layer that would need more memory than a shower may take."""
    if math.prod(sizes) > MAX_VALUES:
        raise misfit(node, f"at most {MAX_VALUES} values", f"{math.prod(sizes):.3g}")


def _is_list(value: Any, count: int) -> bool:
    return isinstance(value, (list, tuple)) and len(value) == count
