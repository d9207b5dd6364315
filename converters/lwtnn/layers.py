"""LWTNN's feed-forward layers: their JSON, their checks and their mathematics.

A layer is parsed once and built for the number of inputs of the first node that uses it, as the
C++ does. What the C++ would compute wrongly without a word is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.converters.lwtnn import ptree
from caloexport.converters.lwtnn.activations import WITH_ALPHA, WITHOUT_ALPHA, sigmoid
from caloexport.runtime.arrays import Float64
from caloexport.runtime.errors import InputFileError, UnsupportedError

RECURRENT = ("lstm", "gru", "simplernn", "conv1d", "embedding")
Compute = Callable[[Float64], Float64]


@dataclass(frozen=True)
class Activation:
    """An activation by its JSON name; alpha is None where it has none."""

    name: str
    alpha: float | None = None

    def __call__(self, x: Float64) -> Float64:
        if self.alpha is not None and self.name in WITH_ALPHA:
            return WITH_ALPHA[self.name](x, self.alpha)
        return WITHOUT_ALPHA[self.name](x)


@dataclass(frozen=True, eq=False)
class Layer:
    """One entry of ``layers``, parsed.

    Attributes:
        architecture: ``dense``, ``normalization``, ``maxout`` or ``highway``.
        parts: pairs (weights, bias) of flat arrays: one, or one per sublayer or component.
        activation: None where the JSON has none.
        where: its place in the file, for messages.
    """

    architecture: str
    parts: tuple[tuple[Float64, Float64], ...]
    activation: Activation | None
    where: str


@dataclass(frozen=True, eq=False)
class Built:
    """A layer for a known number of inputs.

    Attributes:
        layer: what it was built of.
        n_in, n_out: sizes.
        compute: from (n, n_in) to (n, n_out).
    """

    layer: Layer
    n_in: int
    n_out: int
    compute: Compute


def parse_layer(data: Any, where: str) -> Layer:
    """Parse one entry of ``layers``.

    Raises:
        InputFileError: a key is missing, of the wrong type, or an unknown name.
        UnsupportedError: a recurrent or convolutional layer.
    """
    architecture = ptree.text(data, "architecture", where)
    if architecture in RECURRENT:
        message = f"the layer is of architecture '{architecture}', which is not evaluated here"
        raise UnsupportedError(message, where=where, hint="feed-forward graphs only")
    if architecture in ("dense", "normalization"):
        activation = _activation(data, where) if "activation" in data else None
        return Layer(architecture, (_pair(data, where),), activation, where)
    if architecture == "maxout":
        subs = ptree.listing(data, "sublayers", where)
        parts = tuple(_pair(sub, f"{where}.sublayers[{k}]") for k, sub in enumerate(subs))
        return Layer(architecture, parts, None, where)
    if architecture == "highway":
        components = ptree.child(data, "components", where)
        place = f"{where}.components"
        parts = tuple(
            _pair(ptree.child(components, key, place), f"{place}.{key}") for key in ("t", "carry")
        )
        return Layer(architecture, parts, _activation(data, where), where)
    message = f"architecture '{architecture}' not recognized"
    raise InputFileError(message, where=where, hint="known: dense, normalization, maxout, highway")


def _pair(data: Any, where: str) -> tuple[Float64, Float64]:
    return ptree.numbers(data, "weights", where), ptree.numbers(data, "bias", where)


def _activation(data: Any, where: str) -> Activation:
    given = ptree.child(data, "activation", where)
    where = f"{where}.activation"
    if isinstance(given, dict) and given:
        name = ptree.text(given, "function", where)
        alpha: float | None = ptree.number(given, "alpha", where)
    else:
        name, alpha = ptree.text(data, "activation", where.removesuffix(".activation")), None
    if name not in WITHOUT_ALPHA and name not in WITH_ALPHA:
        known = ", ".join(sorted({*WITHOUT_ALPHA, *WITH_ALPHA}))
        message = f"activation function '{name}' not recognized"
        raise InputFileError(message, where=where, hint=f"known: {known}")
    if name == "elu" and alpha is None:
        alpha = 1.0  # old files; the C++ does the same
    if name in WITH_ALPHA and alpha is None:
        message = f"'{name}' without alpha: the C++ reads it as NaN and gives NaN without a word"
        hint = f'write {{"function": "{name}", "alpha": number}}'
        raise InputFileError(message, where=where, hint=hint)
    return Activation(name, alpha)


def build_layer(layer: Layer, n_in: int) -> Built:
    """Build a layer for a number of inputs.

    Raises:
        InputFileError: its numbers do not fit.
    """
    n_out, compute = BUILDERS[layer.architecture](layer, n_in)
    return Built(layer, n_in, n_out, compute)


def _dense(layer: Layer, n_in: int) -> tuple[int, Compute]:
    ((weights, bias),) = layer.parts
    activation = layer.activation
    if activation is None:
        message = "got undefined activation function: a dense layer needs the key 'activation'"
        raise InputFileError(message, where=layer.where, hint="write 'linear' if there is none")
    matrix = _matrix(weights, n_in, layer.where) if weights.size else None
    n_out = n_in if matrix is None else len(matrix)
    if bias.size not in (0, n_out):
        message = (
            f"tried to add a bias layer with {bias.size} entries, the layer has {n_out} outputs"
        )
        raise InputFileError(message, where=layer.where)

    def compute(x: Float64) -> Float64:
        # (n, n_in) · (n_in, n_out) + (n_out,)
        y = x if matrix is None else x @ matrix.T
        return activation(y + bias if bias.size else y)

    return n_out, compute


def _normalization(layer: Layer, n_in: int) -> tuple[int, Compute]:
    ((weights, bias),) = layer.parts
    for name, array in (("weights", weights), ("bias", bias)):
        if array.size != n_in:
            message = (
                f"a normalization of {n_in} inputs has {array.size} {name}: the C++ would cut or "
                "read past the end without a word"
            )
            raise InputFileError(message, where=layer.where)
    return n_in, lambda x: weights * (x + bias)  # the C++ ignores an activation here


def _maxout(layer: Layer, n_in: int) -> tuple[int, Compute]:
    units = [_affine(part, n_in, layer.where) for part in layer.parts]
    sizes = {len(matrix) for matrix, _ in units}
    if not sizes:
        message = "tried to build maxout without weights"
        raise InputFileError(message, where=layer.where)
    if len(sizes) > 1:
        message = f"uneven matrices for maxout: {sorted(sizes)} outputs"
        raise InputFileError(message, where=layer.where)

    def compute(x: Float64) -> Float64:
        return np.asarray(np.max([x @ matrix.T + bias for matrix, bias in units], axis=0))

    return sizes.pop(), compute


def _highway(layer: Layer, n_in: int) -> tuple[int, Compute]:
    (w_t, b_t), (w_c, b_c) = (_affine(part, n_in, layer.where) for part in layer.parts)
    if len(w_t) != n_in or len(w_c) != n_in:
        message = f"a highway of {n_in} inputs has {len(w_t)} and {len(w_c)} outputs, must be equal"
        raise InputFileError(message, where=layer.where)
    activation = layer.activation or Activation("linear")

    def compute(x: Float64) -> Float64:
        carry = sigmoid(x @ w_c.T + b_c)
        return carry * activation(x @ w_t.T + b_t) + (1 - carry) * x

    return n_in, compute


def _affine(part: tuple[Float64, Float64], n_in: int, where: str) -> tuple[Float64, Float64]:
    """Return matrix (n_out, n_in) and bias (n_out,) of a part that needs both."""
    weights, bias = part
    matrix = _matrix(weights, n_in, where)
    if not weights.size or bias.size != len(matrix):
        message = f"output dims mismatch, W: {len(matrix)}, b: {bias.size}"
        raise InputFileError(message, where=where)
    return matrix, bias


def _matrix(weights: Float64, n_in: int, where: str) -> Float64:
    if weights.size % n_in:
        message = (
            "matrix elements not divisible by number of columns. "
            f"Elements: {weights.size}, inputs: {n_in}"
        )
        raise InputFileError(message, where=where)
    return weights.reshape(-1, n_in)


BUILDERS: dict[str, Callable[[Layer, int], tuple[int, Compute]]] = {
    "dense": _dense,
    "normalization": _normalization,
    "maxout": _maxout,
    "highway": _highway,
}
