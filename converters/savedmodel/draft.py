"""The nodes of a network while it is made, one for each operator that computes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from caloexport.converters.free_names import numbered
from caloexport.converters.savedmodel.values import Showers, Size, Tensor
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError, UnsupportedError
from caloexport.runtime.layers import layers
from caloexport.runtime.network import MAX_VALUES, Network, Node, Shape

#: operators repeat in loops and functions; more is no generator
LARGEST_NODES = 20_000


class Draft:
    """Nodes made so far, with the shapes of their results.

    Args:
        inputs: name and shape of the network inputs.
        batch: the number of showers, where the graph fixes it.
    """

    def __init__(self, inputs: Mapping[str, Shape], batch: int | None = None) -> None:
        self.inputs = dict(inputs)
        self.batch = batch
        self.nodes: dict[str, Node] = {}
        self.shapes: dict[str, Shape] = dict(inputs)
        self._values = 0

    def add(
        self,
        name: str,
        kind: str,
        inputs: Sequence[Tensor],
        attributes: Mapping[str, Any] | None = None,
        weights: Mapping[str, Array] | None = None,
        *,
        like: Tensor | None = None,
    ) -> Tensor:
        """Add a node; the result has its batch axis where ``like`` (the first input) has it.

        Raises:
            UnsupportedError: the layer cannot read these inputs, or the network grows too large.
        """
        name = numbered(name, self.shapes)
        node = Node(
            name, kind, tuple(x.name for x in inputs), attributes or {}, _floats(weights or {})
        )
        try:
            shape = layers[kind].shape(node, [self.shapes[x.name] for x in inputs])
        except InputFileError as error:
            raise UnsupportedError(error.message, hint=error.hint) from None
        self._values += math.prod(shape)
        if self._values > MAX_VALUES or len(self.nodes) >= LARGEST_NODES:
            message = f"the network has more than {MAX_VALUES} values or {LARGEST_NODES} layers"
            raise UnsupportedError(message)
        self.nodes[name], self.shapes[name] = node, shape
        model = like or inputs[0]
        return Tensor(name, shape, model.batch, model.merged)

    def activate(self, name: str, x: Tensor, function: str, **constants: float) -> Tensor:
        """Add an activation."""
        return self.add(name, "activation", [x], {"function": function, **constants})

    def source(self, x: Tensor) -> Tensor:
        """Return what the node of one input that makes a tensor reads; it has the same shape."""
        return replace(x, name=self.nodes[x.name].inputs[0])

    def reshape(self, name: str, x: Tensor, sizes: Sequence[Size]) -> Tensor:
        """Give a tensor the shape that TensorFlow sees, its batch axis among ``sizes``.

        Raises:
            UnsupportedError: values would move from one shower to another.
        """
        shape, batch, merged = _arrangement(x, sizes)
        source, node = x.name, self.nodes.get(x.name)
        while node is not None and node.kind == "reshape":
            source = node.inputs[0]
            node = self.nodes.get(source)
        if self.shapes[source] == shape:
            return Tensor(source, shape, batch, merged)
        made = self.add(
            name, "reshape", [Tensor(source, self.shapes[source])], {"shape": list(shape)}
        )
        return Tensor(made.name, shape, batch, merged)

    def scale(self, name: str, x: Tensor, scale: Array | float, offset: Array | float) -> Tensor:
        """Multiply by a constant and add another; both broadcast as TensorFlow does."""
        by, to = self._aligned(x, np.asarray(scale)), self._aligned(x, np.asarray(offset))
        shape = np.broadcast_shapes(x.shape, by.shape, to.shape)
        x = self.repeat(name, x, shape)
        if (by == 1).all() and (to == 0).all():
            return x
        units = shape[-1]
        if by.size in (1, by.shape[-1]) and to.size in (1, to.shape[-1]):
            weights = {"scale": _per_unit(by, (units,)), "offset": _per_unit(to, (units,))}
            return self.add(name, "normalization", [x], {}, weights)
        weights = {"scale": _per_unit(by, shape), "offset": _per_unit(to, shape)}
        flat = self.add(name, "reshape", [x], {"shape": [math.prod(shape)]})
        done = self.add(name, "normalization", [flat], {}, weights)
        return self.add(name, "reshape", [done], {"shape": list(shape)}, like=x)

    def repeat(self, name: str, x: Tensor, shape: Shape) -> Tensor:
        """Repeat the single values along axes of size 1."""
        if shape == x.shape:
            return x
        if any(old not in (1, new) for old, new in zip(x.shape, shape, strict=True)):
            message = f"values of the shape {x.shape} do not repeat to {shape}"
            raise UnsupportedError(message)
        factors = [new // old for old, new in zip(x.shape, shape, strict=True)]
        return self.add(name, "upsample", [x], {"factors": factors})

    def constant(self, name: str, like: Tensor, value: Array) -> Tensor:
        """Make a constant as a tensor: zero times another one, plus the constant."""
        return self.scale(name, like, 0.0, value)

    def symbol(self, name: str, size: int) -> Tensor:
        """Return a tensor that no node makes, to see what becomes of it."""
        name = numbered(name, self.shapes)
        self.shapes[name] = (size,)
        return Tensor(name, (size,))

    def network(self, output: str, inputs: Mapping[str, Shape] | None = None) -> Network:
        """Return the network that makes an output, and nothing else.

        Args:
            output: name of a node.
            inputs: what it is made from; None for the inputs of the draft.
        """
        needed, pending = set(), [output]
        while pending:
            name = pending.pop()
            if name not in needed and name in self.nodes:
                needed.add(name)
                pending += self.nodes[name].inputs
        nodes = [node for node in self.nodes.values() if node.name in needed]
        return Network(self.inputs if inputs is None else inputs, nodes, [output])

    def _aligned(self, x: Tensor, value: Array) -> Array:
        """Give a constant the axes of a tensor as networks see it."""
        if value.ndim > x.rank:
            extra = value.shape[: value.ndim - x.rank]
            if math.prod(extra) != 1:
                message = f"a constant of {value.ndim} axes meets a tensor of {x.rank}"
                raise UnsupportedError(message)
            value = value.reshape(value.shape[len(extra) :])
        value = value.reshape((1,) * (x.rank - value.ndim) + value.shape)
        if value.shape[x.batch] == self.batch and (value == value.take([0], x.batch)).all():
            value = value.take([0], x.batch)
        if value.shape[x.batch] != 1:
            message = "a constant differs from shower to shower"
            raise UnsupportedError(message)
        return value if x.merged else value.squeeze(x.batch)


def _floats(weights: Mapping[str, Array]) -> dict[str, Array]:
    """Return weights in float64 where they are, else in float32."""
    return {
        key: value if value.dtype == np.float64 else np.asarray(value, dtype=np.float32)
        for key, value in weights.items()
    }


def _per_unit(value: Array, shape: Shape) -> Array:
    dtype = np.float64 if value.dtype == np.float64 and value.ndim else np.float32
    if value.size == 1:
        value = value.reshape(())
    elif len(shape) == 1:
        value = value.reshape(-1)
    return np.ascontiguousarray(np.broadcast_to(value, shape).reshape(-1), dtype=dtype)


def _arrangement(x: Tensor, sizes: Sequence[Size]) -> tuple[Shape, int, bool]:
    """Return shape, batch axis and mergedness of a tensor under its new sizes."""
    places = [k for k, size in enumerate(sizes) if isinstance(size, Showers)]
    if len(places) != 1 or any(isinstance(n, int) and n < 1 for n in sizes):
        message = f"a reshape to {tuple(sizes)}"
        raise UnsupportedError(message)
    place = places[0]
    factor = sizes[place].factor  # type: ignore[union-attr]  # that is what places holds
    others = tuple(int(n) for n in sizes if not isinstance(n, Showers))
    before = math.prod(others[:place])
    if math.prod(x.shape) != factor * math.prod(others) or before != math.prod(x.shape[: x.batch]):
        message = f"a reshape of {x.sizes} to {tuple(sizes)}"
        raise UnsupportedError(message)
    if factor == 1 and others:
        return others, place, False
    if before != 1:
        message = f"a reshape of {x.sizes} to {tuple(sizes)}"
        raise UnsupportedError(message)
    return (*others[:place], factor, *others[place:]), place, True
