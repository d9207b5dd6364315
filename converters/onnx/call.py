"""One operator in the middle of its translation: operands, attributes, and what it may add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from caloexport.converters.onnx.layout import Layout
from caloexport.converters.onnx.messages import NodeMessage
from caloexport.converters.onnx.values import BATCH, Batch, Operand, Value
from caloexport.converters.pattern import shortest_float32
from caloexport.runtime.arrays import Array
from caloexport.runtime.errors import InputFileError, UnsupportedError


@dataclass(frozen=True)
class Call:
    """An operator with its operands.

    Attributes:
        node: the operator as it stands in the file.
        operands: what it reads; None where an optional operand is left out.
        opset: version of the standard operators.
        layout: adds layers to the network and rearranges axes.
    """

    node: NodeMessage
    operands: Sequence[Operand | None]
    opset: int
    layout: Layout

    @property
    def place(self) -> str:
        """Return operator and name, for messages."""
        name = self.node.name or next(iter(self.node.outputs), "")
        return f"operator {self.node.operator} ('{name}')"

    def operand(self, index: int) -> Operand:
        """Return an operand that has to be there."""
        found = self.optional(index)
        if found is None:
            message = f"{self.place} has no operand {index}"
            raise InputFileError(message)
        return found

    def optional(self, index: int) -> Operand | None:
        """Return an operand, or None when it is left out."""
        return self.operands[index] if index < len(self.operands) else None

    def value(self, index: int = 0) -> Value:
        """Return an operand that a layer makes; a constant becomes a layer of its own."""
        found = self.operand(index)
        if isinstance(found, Value):
            return found
        if isinstance(found, np.ndarray):
            raise self.unsupported(f"its operand {index} is a constant")
        raise self.unsupported(f"its operand {index} is a comparison")

    def constant(self, index: int) -> Array | None:
        """Return a constant operand, or None when it is left out.

        Raises:
            UnsupportedError: it is no constant.
        """
        found = self.optional(index)
        if found is None or isinstance(found, np.ndarray):
            return found
        raise self.unsupported(f"its operand {index} is not a constant")

    def weights(self, index: int) -> Array:
        """Return a constant operand of floats that has to be there."""
        self.operand(index)
        found = self.constant(index)
        assert found is not None
        if found.dtype == object:
            raise self.unsupported(f"its operand {index} depends on the number of showers")
        return found

    def number(self, index: int, default: float) -> float:
        """Return a constant operand of one number."""
        found = self.constant(index)
        if found is None:
            return default
        if found.size != 1 or found.dtype == object:
            message = f"{self.place}: operand {index} has the shape {found.shape}, expected one"
            raise InputFileError(message)
        return shortest_float32(float(found.reshape(())))

    def wholes(self, index: int, attribute: str | None = None) -> list[Any] | None:
        """Return a list of whole numbers from an operand or, in older opsets, an attribute."""
        if attribute is not None and attribute in self.node.attributes:
            return self.integers(attribute)
        found = self.constant(index)
        if found is None:
            return None
        if found.dtype.kind not in "iuO":
            message = f"{self.place}: operand {index} holds {found.dtype}, expected whole numbers"
            raise InputFileError(message)
        return [n if isinstance(n, Batch) else int(n) for n in found.ravel().tolist()]

    def integers(self, name: str, default: Sequence[int] | None = None) -> list[int] | None:
        """Return an attribute that is a list of whole numbers."""
        found = self.node.attributes.get(name, default)
        if found is None:
            return None
        if not isinstance(found, Sequence) or not all(isinstance(n, int) for n in found):
            raise self._wrong(name, "whole numbers")
        return list(found)

    def integer(self, name: str, default: int) -> int:
        """Return an attribute that is a whole number."""
        found = self.node.attributes.get(name, default)
        if not isinstance(found, int):
            raise self._wrong(name, "a whole number")
        return found

    def real(self, name: str, default: float) -> float:
        """Return an attribute that is a finite number."""
        found = self.node.attributes.get(name, default)
        if not isinstance(found, (int, float)) or not np.isfinite(found):
            raise self._wrong(name, "a finite number")
        return float(found)

    def text(self, name: str, default: str) -> str:
        """Return an attribute that is a string."""
        found = self.node.attributes.get(name, default)
        if not isinstance(found, str):
            raise self._wrong(name, "a text")
        return found

    def axis(self, axis: Any, rank: int) -> int:
        """Return an axis counted from the front.

        Raises:
            InputFileError: there is no such axis.
        """
        if not isinstance(axis, int) or not -rank <= axis < rank:
            message = f"{self.place} works along axis {axis} of a tensor with {rank} axes"
            raise InputFileError(message)
        return axis % rank

    def inner_axis(self, axis: Any, value: Value) -> int:
        """Return an axis of a value, counted from the front, that is not the batch axis."""
        found = self.axis(axis, value.rank)
        if value.axes[found] == BATCH:
            raise self.unsupported("it works along the batch axis, so it mixes showers")
        return found

    def add(
        self,
        kind: str,
        inputs: Sequence[Value],
        role: str = "",
        weights: Mapping[str, Array] | None = None,
        /,
        **attributes: Any,
    ) -> Value:
        """Add a layer and return its output, with the axes of the first input.

        Args:
            kind: entry of the layer registry.
            inputs: what it reads.
            role: part of its name, when it is not the operator's main layer.
            weights: its weights.
            attributes: its constants.
        """
        return self.layout.add(kind, inputs, role, weights, **attributes)

    def activate(self, function: str, value: Value, role: str = "", /, **constants: float) -> Value:
        """Add an element-wise activation."""
        return self.add("activation", [value], role, function=function, **constants)

    def unsupported(self, reason: str) -> UnsupportedError:
        """Make the error for what networks cannot express."""
        hint = "networks are layers from inputs to outputs, for each shower by itself"
        return UnsupportedError(f"{self.place}: {reason}", hint=hint)

    def damaged(self, reason: str) -> InputFileError:
        """Make the error for an operator that contradicts itself."""
        return InputFileError(f"{self.place}: {reason}")

    def _wrong(self, name: str, expected: str) -> InputFileError:
        found = self.node.attributes.get(name)
        return InputFileError(f"{self.place}: '{name}' is {found!r:.60}, expected {expected}")
