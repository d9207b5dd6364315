"""The network in the making, and where the axes of its layers are in the tensors of the file."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from caloexport.converters.free_names import primed
from caloexport.converters.onnx.values import BATCH, UNIT, Value
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError
from caloexport.runtime.layers import layers
from caloexport.runtime.network import MAX_VALUES, Node, Shape

#: of one tensor, a guard against damaged files; the largest mesh has 40 500 cells
MAX_SIZE = 2**23
#: an unrolled recurrent layer takes some tens for each step
MAX_LAYERS = 10_000


class Layout:
    """Layers in the order of evaluation.

    Args:
        inputs: name and shape of each network input.
        single: the file takes one shower at a time, so its batch axis has the size 1.

    Attributes:
        base: name that the next layers get, with the role of each behind it.
    """

    def __init__(self, inputs: Mapping[str, Shape], *, single: bool = False) -> None:
        self.inputs, self.single = dict(inputs), single
        for name, shape in self.inputs.items():
            if math.prod(shape) > MAX_SIZE:
                message = f"its input '{name}' has the shape {shape}"
                raise InputFileError(message, hint=f"at most {MAX_SIZE} values are allowed")
        self.nodes: list[Node] = []
        self.base = ""
        self._taken = set(inputs)
        self._values = 0

    def add(
        self,
        kind: str,
        inputs: Sequence[Value],
        role: str = "",
        weights: Mapping[str, Array] | None = None,
        /,
        **attributes: Any,
    ) -> Value:
        """Add a layer and return its output, with the axes of the first input."""
        name = self._name(role)
        node = Node(name, kind, tuple(v.name for v in inputs), attributes, weights or {})
        shape = layers[kind].shape(node, [v.shape for v in inputs])
        self._values += math.prod(shape)
        if self._values > MAX_VALUES or math.prod(shape) > MAX_SIZE:
            message = f"'{name}' makes {math.prod(shape)} values of one shower"
            hint = f"at most {MAX_SIZE} are allowed, and {MAX_VALUES} in all layers"
            raise InputFileError(message, hint=hint)
        if len(self.nodes) == MAX_LAYERS:
            message = f"its graph has more than {MAX_LAYERS} layers"
            raise InputFileError(message)
        self.nodes.append(node)
        return replace(inputs[0], name=name, shape=shape)

    def _name(self, role: str) -> str:
        name = primed(f"{self.base}:{role}" if role else self.base, self._taken)
        self._taken.add(name)
        return name

    def permuted(self, value: Value, order: Sequence[int]) -> Value:
        """Reorder the axes of a layer; the tensor stays as it is."""
        if list(order) == list(range(len(order))):
            return value
        moved = self.add("permute", [value], "permuted", order=list(order))
        axes = tuple(order.index(a) if a >= 0 else a for a in value.axes)
        return replace(moved, axes=axes)

    def canonical(self, value: Value) -> Value:
        """Give the layer the axes of the tensor, in its order and without the batch axis."""
        lead = [0] if value.merged else []
        listed = lead + [axis for axis in value.axes if axis >= 0]
        hidden = [axis for axis in range(len(value.shape)) if axis not in listed]
        if listed != sorted(listed):
            value = self.permuted(value, [*listed, *hidden])
        sizes = [1 if a == UNIT else value.shape[a] for a in value.axes if a != BATCH]
        shape = ([value.shape[0]] if value.merged else []) + sizes
        value = self.reshaped(value, tuple(shape) or (1,))
        numbers = iter(range(len(lead), len(shape)))
        axes = tuple(a if a == BATCH else next(numbers) for a in value.axes)
        return replace(value, axes=axes)

    def reshaped(self, value: Value, shape: Shape) -> Value:
        """Give the output of a layer another shape; the caller mends the axes."""
        if shape == value.shape:
            return value
        return self.add("reshape", [value], "reshaped", shape=list(shape))

    def with_last(self, value: Value, axis: int) -> Value:
        """Make an axis of the tensor the last axis of the layer."""
        if value.axes[axis] == UNIT:
            value = self.canonical(value)
        place, last = value.axes[axis], len(value.shape) - 1
        others = [k for k in range(last + 1) if k != place]
        return self.permuted(value, [*others, place])

    def constant(self, values: Array, role: str) -> Value:
        """Make a layer whose output is constant: dense with a kernel of zeros.

        Args:
            values: one array for every shower, without batch axis.
            role: part of the name.
        """
        name, shape = next(iter(self.inputs.items()))
        source = Value(name, shape, (BATCH, *range(len(shape))))
        for axis in range(len(shape)):
            part = {"axis": axis, "start": 0, "step": 1, "length": 1}
            source = (
                source if source.shape[axis] == 1 else self.add("slice", [source], role, **part)
            )
        source = self.reshaped(source, (1,))
        flat = np.asarray(values, dtype=np.float64).ravel()
        weights = {"kernel": np.zeros((1, flat.size)), "bias": flat}
        made = self.reshaped(self.add("dense", [source], role, weights), values.shape or (1,))
        return replace(made, axes=tuple(range(values.ndim)), merged=False)

    def constant_like(self, values: Array, value: Value, role: str = "constant") -> Value:
        """Make a constant tensor a layer that combines with ``value`` as in the file.

        Raises:
            ValueError: it differs from shower to shower.
        """
        values = padded_constant(values, max(value.rank, values.ndim))
        value = padded(value, values.ndim)
        if BATCH not in value.axes:
            return self.constant(values, role)
        place = value.axes.index(BATCH)
        if values.shape[place] != 1 or value.merged:
            message = "a constant has an axis for the showers"
            raise ValueError(message)
        made = self.constant(values.squeeze(place), role)
        return replace(made, axes=(*made.axes[:place], BATCH, *made.axes[place:]))

    def expanded(self, value: Value, dims: Sequence[int]) -> Value:
        """Repeat a tensor along its axes of size 1 where ``dims`` is greater; the batch stays."""
        value = padded(value, max(len(dims), value.rank))
        dims = [1] * (value.rank - len(dims)) + list(dims)
        wanted = {k for k, n in enumerate(dims) if value.dims[k] == 1 and n > 1}
        if not wanted:
            return value
        if any(value.axes[k] == UNIT for k in wanted):
            value = self.canonical(value)
        factors = [1] * len(value.shape)
        for k in wanted:
            factors[value.axes[k]] = dims[k]
        return self.add("upsample", [value], "expanded", factors=factors)


def padded(value: Value, rank: int) -> Value:
    """Add axes of size 1 in front, as broadcasting does."""
    return replace(value, axes=(UNIT,) * (rank - value.rank) + value.axes)


def padded_constant(values: Array, rank: int) -> Array:
    """Add axes of size 1 in front of a constant."""
    return values.reshape((1,) * (rank - values.ndim) + values.shape)
