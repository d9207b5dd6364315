"""Sizes, strides and zeros of layers that look at windows of cells."""

from __future__ import annotations

from typing import Any

from caloexport.converters.keras_layers import LayerCall
from caloexport.runtime.errors import InputFileError

LARGEST = 2**20


def numbers(call: LayerCall, name: str, count: int, default: int = 1) -> list[int]:
    """Return one whole number above zero for each spatial axis.

    Raises:
        InputFileError: something else stands in the configuration.
    """
    value: Any = call.config.get(name, default)
    found = [value] * count if type(value) is int else list(value or [])
    if len(found) != count or not all(type(n) is int and 0 < n <= LARGEST for n in found):
        message = f"its {name} is {value!r:.60}, expected {count} whole numbers above 0"
        raise InputFileError(message, where=call.place)
    return found


def pairs(call: LayerCall, name: str, count: int) -> list[list[int]]:
    """Return [before, after] for each spatial axis, as ZeroPadding and Cropping spell it."""
    value: Any = call.config[name]
    if type(value) is int:
        value = [value] * count
    if count == 1 and len(value) == 2 and type(value[0]) is int:
        value = [value]
    found = [[entry, entry] if type(entry) is int else list(entry) for entry in value]
    good = all(len(pair) == 2 and all(type(n) is int and n >= 0 for n in pair) for pair in found)
    if len(found) != count or not good:
        message = f"its {name} is {call.config[name]!r:.60}, expected {count} pairs"
        raise InputFileError(message, where=call.place)
    return found


def zeros_around(call: LayerCall, sizes: list[int], strides: list[int]) -> list[list[int]]:
    """Return how many zeros stand before and after the cells of each spatial axis.

    ``same`` makes ⌈n/stride⌉ windows and puts an odd zero at the end; ``causal`` puts all of them
    at the start. Source: tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2

    Args:
        call: of the layer.
        sizes: of the window, dilation included.
        strides: from window to window.

    Raises:
        UnsupportedError: a padding of another name.
    """
    cells = call.shapes[0][:-1]
    if call.config.get("padding", "valid") == "valid":
        return [[0, 0] for _ in cells]
    if call.config["padding"] == "causal":
        return [[size - 1, 0] for size in sizes]
    if call.config["padding"] != "same":
        message = f"its padding is {call.config['padding']!r:.40}"
        raise call.unsupported(message, "supported: valid, same, causal")
    found = []
    for n, size, stride in zip(cells, sizes, strides, strict=True):
        total = max((-(-n // stride) - 1) * stride + size - n, 0)
        found.append([total // 2, total - total // 2])
    return found


def require_rank(call: LayerCall, rank: int) -> None:
    """Refuse an input with another number of axes than the layer's class says.

    Raises:
        InputFileError: with the shape that was found.
    """
    if len(call.shapes[0]) != rank:
        message = f"it reads a tensor of shape {call.shapes[0]}, expected {rank} axes"
        raise InputFileError(message, where=call.place)
