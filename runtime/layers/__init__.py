"""Layer kinds: one small file each with a shape rule and the numpy reference.

The reference is slow and clear; it is the numerical truth that every backend and every file
format is compared with. It runs in float32 or float64, whatever dtype it is given.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.registry import Registry

if TYPE_CHECKING:
    from caloexport.runtime.network import Node, Shape


#: (inputs (..., n_in) of a product, magnitude (..., 1) of the largest of each row) -> inputs
Rounding = Callable[[Array, Array], Array]


class LayerKind:
    """What a kind of layer is: its weights, its shape rule, its reference and its cost.

    Attributes:
        weights: name of each weight and its number of axes, None for any number.
        attributes: names of the constants that it reads.
        arity: number of inputs, or None for one or more.
        selects: every output is one of the inputs, in another place: no arithmetic.
        large: names of weights that may be large: ``evaluate`` gets them as they are, and brings
            them to the dtype of the inputs piece by piece.
    """

    weights: ClassVar[dict[str, int | None]] = {}
    attributes: ClassVar[tuple[str, ...]] = ()
    arity: ClassVar[int | None] = 1
    selects: ClassVar[bool] = False
    large: ClassVar[tuple[str, ...]] = ()

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        """Return the output shape, or raise when the node does not fit its inputs."""
        raise NotImplementedError

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        """Return the output for inputs of shape (n, *shape), in their dtype."""
        raise NotImplementedError

    def flops(self, node: Node, shapes: list[Shape]) -> int:
        """Count the operations for one shower."""
        return int(np.prod(self.shape(node, shapes)))

    def known(self, node: Node) -> set[str]:
        """Return the names of the attributes and weights that a node may have."""
        return {*self.attributes, *self.weights}

    def check(self, node: Node, shapes: list[Shape]) -> None:
        """Check number of inputs, names of attributes and weights, and rank of the weights.

        A name that the kind does not know could change what the layer means: it is refused.

        Raises:
            InputFileError: naming the layer and what is wrong with it.
        """
        if not shapes or (self.arity is not None and len(shapes) != self.arity):
            wanted = "at least 1" if self.arity is None else str(self.arity)
            message = f"layer '{node.name}' ({node.kind}) has {len(shapes)} inputs, not {wanted}"
            raise InputFileError(message)
        known = self.known(node)
        for name in (*node.attributes, *node.weights):
            if name not in known:
                message = f"layer '{node.name}' ({node.kind}) has no use for '{name}'"
                raise InputFileError(message, hint=f"known: {', '.join(sorted(known)) or 'none'}")
        for name, rank in self.weights.items():
            if name not in node.weights:
                message = f"layer '{node.name}' ({node.kind}) has no weight '{name}'"
                raise InputFileError(message)
            if rank is not None and node.weights[name].ndim != rank:
                message = (
                    f"layer '{node.name}': weight '{name}' has {node.weights[name].ndim} axes, "
                    f"expected {rank}"
                )
                raise InputFileError(message)


class Multiplying(LayerKind):
    """A layer that multiplies its inputs with kernels."""

    def evaluate(self, node: Node, inputs: list[Array], rounding: Rounding | None = None) -> Array:
        """Return the output for inputs of shape (n, *shape), in their dtype.

        Args:
            rounding: what the products see of their inputs; None: all digits.
        """
        raise NotImplementedError


def rounded_rows(x: Array, rounding: Rounding | None) -> Array:
    """Return inputs of products as they see them, the rows being those of the last axis."""
    return x if rounding is None else rounding(x, np.abs(x).max(axis=-1, keepdims=True))


class Combination(LayerKind):
    """One or more inputs combined element by element, the sizes of each axis equal or 1.

    Attributes:
        operation: the numpy function of two arrays.
    """

    arity: ClassVar[int | None] = None
    operation: ClassVar[np.ufunc]

    def shape(self, node: Node, shapes: list[Shape]) -> Shape:
        self.check(node, shapes)
        return common_shape(node, shapes)

    def evaluate(self, node: Node, inputs: list[Array]) -> Array:
        return np.asarray(functools.reduce(self.operation, inputs))


layers: Registry[LayerKind] = Registry(
    "layer kind", "caloexport.runtime.layers", "caloexport.layers"
)


def misfit(node: Node, expected: object, found: object) -> InputFileError:
    """Make the error for a layer whose weights do not fit its input."""
    return InputFileError(f"layer '{node.name}' ({node.kind}): expected {expected}, found {found}")


def common_shape(node: Node, shapes: list[Shape]) -> Shape:
    """Return the shape that element-wise inputs broadcast to.

    The number of axes must be the same: with a batch axis in front, broadcasting would pair
    the showers of one input with the cells of another.
    """
    if len({len(shape) for shape in shapes}) > 1:
        raise misfit(node, "inputs with the same number of axes", shapes)
    try:
        return tuple(int(n) for n in np.broadcast_shapes(*shapes))
    except ValueError:
        raise misfit(node, "inputs of one size", shapes) from None
