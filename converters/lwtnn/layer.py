"""A layer as LWTNN's JSON has it: parsed from a file, or ready to be written to one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from caloexport.converters.lwtnn import ptree
from caloexport.converters.lwtnn.activation import Activation
from caloexport.runtime.arrays import Array, Float64
from caloexport.runtime.errors import InputFileError

#: what the C++ knows under ``components``, of all architectures
COMPONENTS = ("i", "f", "c", "o", "z", "r", "h", "t", "carry")


@dataclass(frozen=True, eq=False)
class Part:
    """The weights of a layer, or of one of its sublayers or components.

    The arrays may have any shape: flattened in C order they are what stands in the file.

    Attributes:
        weights, bias, recurrent: the keys ``weights``, ``bias`` and ``U``; None leaves bias or U
            out, an empty array is an empty list.
        options: further keys.
    """

    weights: Array
    bias: Array | None = None
    recurrent: Array | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Layer:
    """One entry of ``layers``.

    Attributes:
        architecture: entry of the registry of architectures.
        part: weights of its own, if it has any.
        sublayers: a list of weights.
        components: weights by name.
        activation, inner_activation: None where the JSON has none.
        options: further keys.
        where: its place in the file, for messages.
    """

    architecture: str
    part: Part | None = None
    sublayers: tuple[Part, ...] = ()
    components: Mapping[str, Part] = field(default_factory=dict)
    activation: Activation | None = None
    inner_activation: Activation | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    where: str = ""


def parse_part(data: Any, where: str) -> Part:
    """Read weights and bias, which must both be there, and U, which need not."""
    weights, bias = ptree.numbers(data, "weights", where), ptree.numbers(data, "bias", where)
    return Part(weights, bias, ptree.numbers(data, "U", where) if "U" in data else None)


def parse_components(data: Any, names: tuple[str, ...], where: str) -> dict[str, Part]:
    """Read the named components; the C++ reads over others of its names, and over no other."""
    found = ptree.child(data, "components", where)
    place = f"{where}.components"
    parts = {name: parse_part(ptree.child(found, name, place), f"{place}.{name}") for name in names}
    for name in found:
        if name not in COMPONENTS:
            message = f"unknown component '{name}'"
            raise InputFileError(message, where=place, hint=f"expected: {', '.join(names)}")
    return parts


def affine(part: Part, n_in: int, where: str) -> tuple[Float64, Float64]:
    """Return matrix (n_out, n_in) and bias (n_out,) of a part that needs both.

    Raises:
        InputFileError: their sizes do not fit.
    """
    weights = matrix(part.weights, n_in, where)
    bias = np.zeros(0) if part.bias is None else part.bias
    if not weights.size or bias.size != len(weights):
        message = f"output dims mismatch, W: {len(weights)}, b: {bias.size}"
        raise InputFileError(message, where=where)
    return weights, bias


def matrix(weights: Array, n_in: int, where: str) -> Float64:
    """Return the matrix (n_out, n_in) of flat weights.

    Raises:
        InputFileError: their number is no multiple of n_in.
    """
    if weights.size % n_in:
        message = (
            "matrix elements not divisible by number of columns. "
            f"Elements: {weights.size}, inputs: {n_in}"
        )
        raise InputFileError(message, where=where)
    return weights.reshape(-1, n_in)
